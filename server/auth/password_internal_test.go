package auth

import (
	"testing"
)

// TestParseHashed takes what the office writes and refuses what would cost too much, or nothing.
func TestParseHashed(t *testing.T) {
	good := hashed{Cost{64, 1, 1}, []byte("0123456789abcdef"), []byte("0123456789abcdef0123456789abcdef")}.String()
	if h, err := parseHashed(good); err != nil || h.String() != good {
		t.Errorf("%s: %v", good, err)
	}
	for _, bad := range []string{
		"", "$", "secret", "$argon2i$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=16$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=4294967295,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=0,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=1000000,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=1,p=0$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=1,p=256$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=+64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
		"$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$", "$argon2id$v=19$m=64,t=1,p=1$!!$MDEyMzQ1Njc4OWFiY2RlZg",
		good + "$", good + "\n",
	} {
		if h, err := parseHashed(bad); err == nil {
			t.Errorf("%q was taken as %v", bad, h)
		}
	}
}

// FuzzParseHashed wants that what is taken is written the same again, and costs no more than may be.
func FuzzParseHashed(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")
	f.Add("$argon2id$v=19$m=64,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHashed(text)
		if err != nil {
			return
		}
		if h.String() != text {
			t.Errorf("%q came back as %q", text, h)
		}
		if h.cost.check() != nil || h.cost.Memory > maxMemory {
			t.Errorf("%q costs %+v", text, h.cost)
		}
	})
}

// TestRules holds passwords to length and to what is guessed first, and says no password in an error.
func TestRules(t *testing.T) {
	for password, ok := range map[string]bool{
		"": false, "short": false, "elevenchars": false, "twelve chars": true, "红花绿叶小桥流水人家炊烟": true, "红花绿叶小桥流水人家": false,
		"correct horse battery staple": false, "password1234": false, "Password1234": false, "PASSWORDPASSWORD": false, "aaaaaaaaaaaaaaaa": false, "abcabcabcabcabc": false,
		"abcdefghijklmnop": false, "987654321098": false, "qwertyuiop123": false, "anna.schmidt1": false, "ANNA.SCHMIDT.2026": false, "schmidt undercity": false,
		"anna.schmidt likes yellow bridges": true, "yellow bridge 7 kettles": true, "tab\there is not typed": false, "\xff\xfe not text at all": false,
		"ééééééééÉüöä": false, "über die brücke": true,
	} {
		err := checkPassword("/password", password, "anna.schmidt", "Anna Schmidt")
		if (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
	}
	long := make([]rune, MaxPassword)
	for i := range long {
		long[i] = rune('a' + i*7%26)
		if i%5 == 0 {
			long[i] = '桥'
		}
	}
	if err := checkPassword("/p", string(long), "anna", ""); err != nil {
		t.Errorf("the longest: %v", err)
	}
	if err := checkPassword("/p", string(long)+"x", "anna", ""); err == nil {
		t.Error("longer than the longest was taken")
	}
}
