// Package viewer carries the explorer, the page in which a planner walks through the city's underground. It is files and
// nothing else: a build with the tag "viewer" embeds what `npm run build` made in dist, a build without it embeds a placeholder
// page that says how to make the real one, so that every Go command works on a machine without Node.
package viewer
