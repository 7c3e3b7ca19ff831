package tiles

// KeptAs is the name of the index in the start file.
const KeptAs = keptAs
