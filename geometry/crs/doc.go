// Package crs places a city on the earth: it names coordinate reference systems, projects between longitude and latitude and
// the plane, shifts datums by stated parameters, and refuses coordinates that cannot be what they are declared to be.
//
// Angles are degrees and lengths metres unless a name says otherwise. Planes are handed around as x east, y north, whatever order the
// axes of a CRS have; NorthingFirst says what files in that CRS write first. Heights are never converted: a Frame names its vertical datum, and its
// separation serves display alone.
//
// The formulas are those of EPSG guidance note 7-2 (373-7-2), for transverse Mercator Krüger's series to the sixth order; the definitions
// are EPSG's, taken from PROJ's data base by gen.
package crs
