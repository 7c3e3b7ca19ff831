package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/undercity/undercity/server/auth"
)

// sessionFlags are those of how long a sign-in lasts.
type sessionFlags struct{ idle, life string }

func (f *sessionFlags) add(cmd *cobra.Command) {
	bind(cmd, &f.idle, "session-idle")
	bind(cmd, &f.life, "session-life")
}

// shortestSession is the least that a session may last: shorter ones end while somebody works.
const shortestSession = time.Minute

func (f *sessionFlags) options() (o auth.Options, err error) {
	for _, s := range [...]struct {
		name, text string
		to         *time.Duration
	}{{"session-idle", f.idle, &o.Idle}, {"session-life", f.life, &o.Life}} {
		d, err := time.ParseDuration(s.text)
		if err != nil || d < shortestSession || d > 30*24*time.Hour {
			return o, usageError{fmt.Errorf("--%s %q is not a time from 1m to 720h; write it as 30m or 8h", s.name, s.text)}
		}
		*s.to = d
	}
	if o.Idle > o.Life {
		return o, usageError{fmt.Errorf("--session-idle %s is longer than --session-life %s", f.idle, f.life)}
	}
	return o, nil
}
