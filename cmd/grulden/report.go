package main

type reportCmd struct{ withKey }
type bankCmd struct{ withKey }
type benchCmd struct{}
type serveCmd struct{ withKey }
type demoCmd struct{}
type personCmd struct{ withKey }

func (reportCmd) Run(*app) error { return nil }
func (bankCmd) Run(*app) error   { return nil }
func (benchCmd) Run(*app) error  { return nil }
func (serveCmd) Run(*app) error  { return nil }
func (demoCmd) Run(*app) error   { return nil }
func (personCmd) Run(*app) error { return nil }
