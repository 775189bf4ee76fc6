package web

import (
	"encoding/binary"
	"strconv"
	"time"

	"grulden/demurrage"
	"grulden/internal/civil"
	"grulden/internal/people"
	"grulden/ledger"
	"grulden/web/page"
)

// dayMark is the picture and colour of the civil day of t. Only who has the
// vault's keys can tell those of another day.
func (s *Server) dayMark(t time.Time) page.DayMark {
	day := civil.Day(t)
	return page.MakeDayMark(func(what string, among int) int {
		return ofDay(day, among, func(d demurrage.Day) uint64 {
			sum := s.vault.HMAC16("day "+what, strconv.Itoa(int(d)))
			return binary.BigEndian.Uint64(sum[:])
		})
	})
}

// ofDay chooses one of so many for a day, never the same two days in a row.
// Every other day draws freely; the days between draw among what neither
// neighbour has.
func ofDay(day demurrage.Day, among int, draw func(demurrage.Day) uint64) int {
	free := func(d demurrage.Day) int { return int(draw(d) % uint64(among)) }
	if day%2 == 0 {
		return free(day)
	}
	before, after := free(day-1), free(day+1)
	rest := make([]int, 0, among)
	for i := range among {
		if i != before && i != after {
			rest = append(rest, i)
		}
	}
	return rest[draw(day)%uint64(len(rest))]
}

// face is how somebody looks to who pays: a shop by what it shows everybody, a
// resident by the name they chose to show, or as nothing but a resident.
func (s *Server) face(lang page.Lang, account ledger.AccountID) (page.Face, error) {
	p, ok, err := s.people.ByAccount(account)
	switch {
	case err != nil:
		return page.Face{}, err
	case !ok:
		return page.Face{Name: lang.Text("line.unknown"), Icon: "warning"}, nil
	case p.Role == people.Merchant:
		profile, err := s.people.Profile(p.ID)
		return page.Face{Name: p.Title(), Address: p.Address, Picture: pictureAddress(profile), Icon: shopIcon(profile)}, err
	}
	return page.Face{Name: residentName(lang, p), Icon: "person"}, nil
}
