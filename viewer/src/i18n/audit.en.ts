// The words of the audit log.
export const auditEn = {
  auditPage: "Audit log", auditLead: "What was done, and who saw what is restricted. Entries can be added and never changed.",
  "did.signIn": "Sign-in", "did.signOut": "Sign-out", "did.change": "Change", "did.import": "Import begun", "did.imported": "Import", "did.export": "Export", "did.read": "Restricted read", "did.enquiry": "Dig enquiry", "did.refused": "Refused",
  "did.policy": "Policy", "did.user": "User", "did.unit": "Unit", "did.token": "Token", "did.session": "Session", "did.account": "Own account", "did.anchor": "Head given up", "did.why": "Asked why",
  "outcome.done": "Done", "outcome.refused": "Refused", "outcome.invalid": "Not accepted", "outcome.failed": "Failed", "outcome.open": "Not ended",
  tileOf: "Tile {tile} of {network}", mapTile: "Map tile {tile}",
  anyAction: "All actions", byUser: "User", byObject: "Object id", "span.hour": "Last hour", "span.day": "Last 24 hours", "span.week": "Last 7 days", "span.month": "Last 30 days", "span.all": "All time", "span.own": "From … to …", spanFrom: "From", spanTo: "To", timeSpan: "Time",
  atTime: "Time", whoDid: "Who", whatDid: "What", onWhat: "Object", howEnded: "Result", nobody: "Nobody", noEntries: "No entry fits the filters.", olderEntries: "Older entries", moreTargets: "and {n} more", auditTable: "Export as table",
  chainOk: "Verified to entry {n}", chainBad: "The log was tampered with", chainLooking: "Verifying…", chainAt: "at {t}", verifyAgain: "Verify again", copyHead: "Copy head", headHint: "Keep the head elsewhere: with it one finds whether the whole log was written anew.",
  entry: "Entry {n}", showInCity: "Show in the city", address: "Address", route: "Request", hash: "Hash", began: "Began with", commandLine: "command line",
  "detail.restricted": "Restricted", "detail.secret": "Secret", "detail.assets": "Assets", "detail.format": "Format", "detail.box": "Box", "detail.revision": "Revision", "detail.note": "Note", "detail.created": "Created", "detail.updated": "Updated", "detail.removed": "Removed", "detail.unchanged": "Unchanged", "detail.refused": "Refused rows", "detail.files": "Files", "detail.before": "Version before", "detail.after": "Version after", "detail.name": "Name", "detail.role": "Role", "detail.unit": "Unit", "detail.disabled": "Disabled", "detail.scopes": "May", "detail.entries": "Entries", "detail.file": "File", "detail.networks": "Networks", "detail.chained": "Chained", "detail.dryRun": "Dry run", "detail.problem": "Reason", "detail.head": "Head", "detail.found": "Found", "detail.about": "About",
};
