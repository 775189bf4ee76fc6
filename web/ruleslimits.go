package web

import (
	"context"
	"errors"

	"grulden/internal/foureyes"
	"grulden/internal/node"
	"grulden/web/page"
)

// Up to how much is paid without a PIN and by card: the wijk decides it with two
// people, as its other rules. It is no promise about money that somebody has, so
// it holds at once.

// limitFigures are the four limits.
func limitFigures(lang page.Lang, l *node.Limits) []figure {
	return []figure{
		cents(lang, "nopin", "field.nopin", &l.NoPIN),
		cents(lang, "nopinday", "field.nopinday", &l.NoPINDay),
		cents(lang, "card", "field.card", &l.Card),
		cents(lang, "cardday", "field.cardday", &l.CardDay),
	}
}

// limitLines are the limits in words.
func limitLines(b page.Base, l node.Limits) []page.RuleLine {
	noPIN := b.T("rule.nopin", "amount", b.Lang.Money(int64(l.NoPIN)), "day", b.Lang.Money(int64(l.NoPINDay)))
	if l.NoPIN == 0 {
		noPIN = b.T("rule.alwayspin")
	}
	card := b.T("rule.card", "amount", b.Lang.Money(int64(l.Card)), "day", b.Lang.Money(int64(l.CardDay)))
	if l.Card == 0 {
		card = b.T("rule.nocard")
	}
	return []page.RuleLine{{Icon: "key", Text: noPIN}, {Icon: "card", Text: card}}
}

func limitsSettable(l node.Limits) error {
	if !l.Valid() {
		return errBadLimits
	}
	return nil
}

// checkLimits also refuses when the limits are no longer those that the second
// person is shown as the present ones.
func (s *Server) checkLimits(_ context.Context, p *foureyes.Proposal) error {
	var b rulesBody
	switch err := p.Into(&b); {
	case err != nil:
		return err
	case b.Limits == nil:
		return errBadRules
	case b.Till != s.node.Settings().Limits:
		return foureyes.ErrChanged
	}
	return limitsSettable(*b.Limits)
}

// setLimits sets what two people agreed to; twice is once.
func (s *Server) setLimits(_ context.Context, p *foureyes.Proposal) error {
	var b rulesBody
	if err := p.Into(&b); err != nil || b.Limits == nil {
		return foureyes.Impossible(errors.Join(errBadRules, err))
	}
	settings := s.node.Settings()
	settings.Limits = *b.Limits
	err := s.node.SetSettings(settings)
	if errors.Is(err, node.ErrLimits) {
		err = foureyes.Impossible(err)
	}
	return err
}
