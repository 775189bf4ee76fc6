//go:build ignore

// Unzip writes one file of a zip archive to standard output, for
// fetch-schemas.sh: not every machine has unzip, and every machine that builds
// this project has Go.
//
//	go run unzip.go ARCHIVE NAME
package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "unzip:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: unzip ARCHIVE NAME")
	}
	archive, err := zip.OpenReader(args[0])
	if err != nil {
		return err
	}
	defer archive.Close()
	file, err := archive.Open(args[1])
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(os.Stdout, file)
	return err
}
