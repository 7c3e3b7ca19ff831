// Package trail keeps what was done in an installation, so that it can be shown afterwards: sign-ins, changes, exports, enquiries, what was refused, and who
// read what is restricted.
//
// The log is append only. Each entry carries a number without gaps and the hash of the entry before, so that an entry that was changed, taken out or put in
// afterwards is found by Verify. Triggers of the data base refuse changes; the file audit.head beside it holds number and hash of the last entry, so that
// entries cut off at the end are found too. Who can write to both can forge both: what an administrator notes elsewhere from time to time cannot be.
//
// # How an entry's hash is made
//
// It is the SHA-256 of the netstrings (the length in bytes in decimal, a colon, the bytes, a comma) of these texts in this order, as they stand in the columns
// of the table trail, numbers in decimal and hashes in lower-case hexadecimal:
//
//	"undercity trail 1", number, time, user, role, address, action, route, targets, more, status, begun, detail, previous
//
// time is in milliseconds since 1970-01-01 UTC; targets is a JSON array of texts, detail a JSON object or empty; previous is the hash of the entry before, 64
// zeros before the first.
package trail
