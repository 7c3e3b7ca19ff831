package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/undercity/undercity/twin"
)

// Cost is what the hash of a password costs to make, by whoever has the right one and by whoever guesses.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// DefaultCost is 64 MiB and three passes, the second recommended option of RFC 9106, 4, with one lane instead of four: a sign-in then takes one core and
// leaves the others to the city. It is above the least that OWASP's Password Storage Cheat Sheet asks for (46 MiB and one pass, or 19 MiB and two).
var DefaultCost = Cost{Memory: 64 << 10, Passes: 3, Lanes: 1}

// Bounds of the costs that are taken from a stored hash: a row that somebody wrote must not make a sign-in take all memory.
const (
	maxMemory = 1 << 20 // KiB
	maxPasses = 64
	maxLanes  = 16
	saltBytes = 16
	keyBytes  = 32
)

func (c Cost) check() error {
	if c.Memory < 8*uint32(c.Lanes) || c.Memory > maxMemory || c.Passes < 1 || c.Passes > maxPasses || c.Lanes < 1 || c.Lanes > maxLanes {
		return fmt.Errorf("%d KiB, %d passes and %d lanes are no cost of a password's hash", c.Memory, c.Passes, c.Lanes)
	}
	return nil
}

// hashed is a password as it is stored: $argon2id$v=19$m=65536,t=3,p=1$SALT$KEY (the PHC string format).
type hashed struct {
	cost Cost
	salt []byte
	key  []byte
}

func (h hashed) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Lanes, b.EncodeToString(h.salt), b.EncodeToString(h.key))
}

// parseHashed reads what String wrote; anything else is an error.
func parseHashed(text string) (h hashed, err error) {
	wrong := fmt.Errorf("a stored password is not one of Argon2id")
	part := strings.Split(text, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return hashed{}, wrong
	}
	cost := strings.Split(part[3], ",")
	if len(cost) != 3 {
		return hashed{}, wrong
	}
	var n [3]uint64
	for i, name := range [...]string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(cost[i], name)
		if !ok {
			return hashed{}, wrong
		}
		if n[i], err = strconv.ParseUint(digits, 10, []int{32, 32, 8}[i]); err != nil || strconv.FormatUint(n[i], 10) != digits {
			return hashed{}, wrong
		}
	}
	h.cost = Cost{uint32(n[0]), uint32(n[1]), uint8(n[2])}
	if err := h.cost.check(); err != nil {
		return hashed{}, err
	}
	b := base64.RawStdEncoding.Strict()
	if h.salt, err = b.DecodeString(part[4]); err != nil || len(h.salt) < 8 || len(h.salt) > 64 {
		return hashed{}, wrong
	}
	if h.key, err = b.DecodeString(part[5]); err != nil || len(h.key) < 16 || len(h.key) > 64 {
		return hashed{}, wrong
	}
	if h.String() != text { // base64 passes over ends of lines
		return hashed{}, wrong
	}
	return h, nil
}

// hasher makes and checks hashes, so many at once: each takes a core for a while and its memory.
type hasher struct {
	cost  Cost
	wait  time.Duration
	slots chan struct{}
}

func newHasher(o Options) *hasher {
	return &hasher{o.Cost, o.Wait, make(chan struct{}, o.Hashers)}
}

// turn waits for its turn and returns what ends it. It fails with Unavailable when that takes too long.
func (h *hasher) turn(ctx context.Context) (end func(), err error) {
	end = func() { <-h.slots }
	select {
	case h.slots <- struct{}{}:
		return end, nil
	default:
	}
	late := time.NewTimer(h.wait)
	defer late.Stop()
	select {
	case h.slots <- struct{}{}:
		return end, nil
	case <-late.C:
		return nil, twin.Errorf(twin.Unavailable, "too many people sign in at this moment").WithHint("try again in a few seconds")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) key(password string, salt []byte, c Cost, n int) []byte {
	return argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Lanes, uint32(n))
}

// make returns a password as it is to be stored.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	salt, err := random(saltBytes)
	if err != nil {
		return "", err
	}
	end, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	return hashed{h.cost, salt, h.key(normal(password), salt, h.cost, keyBytes)}.String(), nil
}

// verify reports whether a password is the stored one; old says that it is stored with another cost than today's. Where nothing is stored it does the same
// work and reports false, so that the time does not tell who is a user.
func (h *hasher) verify(ctx context.Context, stored, password string) (ok, old bool, err error) {
	s := hashed{h.cost, make([]byte, saltBytes), make([]byte, keyBytes)}
	if stored != "" {
		if s, err = parseHashed(stored); err != nil {
			return false, false, err
		}
	}
	end, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer end()
	same := subtle.ConstantTimeCompare(h.key(normal(password), s.salt, s.cost, len(s.key)), s.key) == 1
	return same && stored != "", s.cost != h.cost || len(s.key) != keyBytes, nil
}
