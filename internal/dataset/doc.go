// Package dataset writes the figures of a period as files for other programs: as
// CSV, JSON, XLSX and Parquet, and all of them as one Frictionless data package
// that says what each column is.
//
// Theory. A number that is copied without its definition gets another one. So each
// table comes with the names, units and definitions of its columns in a form that
// programs read: the data package of the Open Knowledge Foundation (version 1,
// specs.frictionlessdata.io), whose datapackage.json also has the length and the
// hash of each file. Amounts stay exact: as decimals in text, and as whole numbers
// with a scale in Parquet. Only a workbook has no other numbers than floating ones.
//
// The same tables give the same bytes. The package refuses to write payments,
// accounts or names: it is given sums.
package dataset
