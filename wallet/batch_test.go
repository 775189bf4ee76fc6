package wallet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"grulden/internal/people"
	"grulden/ledger"
)

func (s *town) prepare(who people.Person, file string) Batch {
	s.t.Helper()
	id, err := s.orders.Prepare(who, "dank.csv", []byte(file))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.batch(who, id)
}

func (s *town) batch(who people.Person, id ledger.ID) Batch {
	s.t.Helper()
	b, err := s.orders.Batch(who.ID, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func (s *town) runBatches() {
	s.t.Helper()
	if err := s.orders.RunBatches(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// ownCode is the code by which a resident receives.
func (s *town) ownCode(p people.Person) string {
	s.t.Helper()
	r, err := s.book.Personal(p.Account, s.clock())
	if err != nil {
		s.t.Fatal(err)
	}
	return r.Code.String()
}

func TestAListSaysWhatWouldBecomeOfEachLine(t *testing.T) {
	s := newTown(t)
	club, anna, bram := s.add("Buurthuis", people.Merchant, 100_00), s.add("Anna", people.Resident, 0), s.add("Bram", people.Resident, 0)
	poster, err := s.book.Poster(club.Account, s.clock())
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.orders.AskByLink(anna, 1, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	b := s.prepare(club, strings.Join([]string{
		"\xef\xbb\xbfCode;Bedrag;Tekst",
		s.ownCode(anna) + ";10,50;Dank u wel",
		strings.ToLower(bram.Reference[:4]) + " " + bram.Reference[4:] + ";€ 1.250,00;Koffie",
		s.ownCode(anna) + ";10,50;Dank  u wel",
		s.ownCode(anna) + ";10,50;Ook voor zondag",
		"ZZZZZ-ZZZZZ;1,00;",
		poster.Code.String() + ";1,00;",
		link.Code.String() + ";1,00;",
		s.ownCode(anna) + ";veel;",
		s.ownCode(anna) + ";1,234;",
		s.ownCode(anna) + ";-5;",
		s.ownCode(anna) + ";1,00;" + strings.Repeat("x", MaxText+1),
		"Anna;5",
	}, "\r\n"))
	var fates []Outcome
	for _, line := range b.Lines {
		fates = append(fates, line.Fate)
	}
	want := []Outcome{
		OutcomeGood, OutcomeGood, OutcomeTwice, OutcomeGood, OutcomeUnknown, OutcomeOwn, OutcomeUnknown,
		OutcomeAmount, OutcomeAmount, OutcomeAmount, OutcomeText, OutcomeUnknown,
	}
	if !slices.Equal(fates, want) {
		t.Errorf("fates are %v,\nwant %v", fates, want)
	}
	if lines, sum := b.Good(); lines != 3 || sum != 10_50+1250_00+10_50 {
		t.Errorf("%d good lines of %v", lines, sum)
	}
	if b.Lines[0].Row != 2 || b.Lines[0].Text != "Dank u wel" {
		t.Errorf("the first line is %+v", b.Lines[0])
	}
	if err := s.orders.StartBatch(club.ID, holderOf(club), b.ID); !errors.Is(err, ErrBatchShort) {
		t.Errorf("starting without enough money: %v", err)
	}
	s.runBatches()
	if s.has(anna) != 0 {
		t.Error("a list that was not started was paid")
	}
}

func TestFilesAreReadAsProgramsWriteThem(t *testing.T) {
	for what, tt := range map[string]struct {
		file string
		want []typedLine
	}{
		"points and commas":     {"A,12.50,Soep\nB,3,\n", []typedLine{{1, "A", 12_50, "Soep"}, {2, "B", 3_00, ""}}},
		"a comma in the amount": {"A,12,50\nB,\"12,50\",ja\n", []typedLine{{1, "A", 0, "50"}, {2, "B", 12_50, "ja"}}},
		"four columns":          {"A,12,50,Soep\n", []typedLine{{1, "A", 0, "50"}}},
		"an older encoding":     {"A;1;Caf\xe9 \x80\n", []typedLine{{1, "A", 1_00, "Café €"}}},
		"quotes and blanks":     {"\"A\"; 1.000,50 ;\"x;y\"\n\n", []typedLine{{1, "A", 1000_50, "x;y"}}},
		"English thousands":     {"A;1,000.50;x", []typedLine{{1, "A", 1000_50, "x"}}},
	} {
		got, err := readBatch([]byte(tt.file))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for i := range got {
			if got[i].amount != tt.want[i].amount && tt.want[i].amount != 0 || got[i].ref != tt.want[i].ref || got[i].text != tt.want[i].text {
				t.Errorf("%s: line %d is %+v, want %+v", what, i+1, got[i], tt.want[i])
			}
			if tt.want[i].amount == 0 && got[i].amount != 0 {
				t.Errorf("%s: line %d has the amount %v, which is not certain", what, i+1, got[i].amount)
			}
		}
	}
	for what, file := range map[string]string{
		"nothing": "", "headings only": "code;bedrag;tekst\n", "a picture": "\x89PNG\x00\x01",
		"too long": strings.Repeat("A;1;x\n", MaxBatchLines+1),
	} {
		if _, err := readBatch([]byte(file)); !errors.Is(err, ErrBatchFile) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAListIsPaidOnceWhateverHappens(t *testing.T) {
	s := newTown(t)
	club := s.add("Buurthuis", people.Merchant, 500_00)
	var file strings.Builder
	var all []people.Person
	for i := range 250 {
		p := s.add(fmt.Sprint("Helper ", i), people.Resident, 0)
		all = append(all, p)
		fmt.Fprintf(&file, "%s;1,00;Dank\n", p.Reference)
	}
	b := s.prepare(club, file.String())
	for range 2 {
		if err := s.orders.StartBatch(club.ID, holderOf(club), b.ID); err != nil {
			t.Fatal(err)
		}
	}
	// A server that stops between the payments and their note.
	lost := s.batch(club, b.ID)
	if err := s.orders.payChunk(&lost, []int{0, 1, 2, 3, 4}, map[int]Outcome{}); err != nil {
		t.Fatal(err)
	}
	s.restart()
	if lines, _, _ := ptr(s.batch(club, b.ID)).Done(); lines != 0 {
		t.Errorf("%d lines are known to be done", lines)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := s.orders.RunBatches(stopped); err != nil {
		t.Fatal(err)
	}
	s.runBatches()
	s.restart()
	s.runBatches()
	b = s.batch(club, b.ID)
	if lines, paid, sum := b.Done(); lines != 250 || paid != 250 || sum != 250_00 || !b.Finished {
		t.Errorf("done: %d lines, %d paid, %v; finished %v", lines, paid, sum, b.Finished)
	}
	for _, p := range all {
		if s.has(p) != 1_00 {
			t.Fatalf("%s has %v", p.Name, s.has(p))
		}
	}
	if s.has(club) != 250_00 {
		t.Errorf("the organisation has %v left", s.has(club))
	}
}

func TestARefusedLineIsToldAndTheOthersArePaid(t *testing.T) {
	s := newTown(t)
	club, anna, bram := s.add("Buurthuis", people.Merchant, 20_00), s.add("Anna", people.Resident, 0), s.add("Bram", people.Resident, 0)
	s.submit(ledger.Close{Account: bram.Account})
	b := s.prepare(club, bram.Reference+";1;=HYPERLINK(1)\n"+anna.Reference+";2;\"-Dank\"\n"+"@x;1;weg\n")
	if err := s.orders.StartBatch(club.ID, holderOf(club), b.ID); err != nil {
		t.Fatal(err)
	}
	s.runBatches()
	b = s.batch(club, b.ID)
	if want := []Outcome{"account-closed", OutcomePaid, OutcomeUnknown}; !slices.Equal(b.Outcomes, want) {
		t.Errorf("outcomes %v, want %v", b.Outcomes, want)
	}
	var out strings.Builder
	if err := b.Write(&out, []string{"Regel", "Code", "Bedrag", "Tekst", "Uitkomst", "Betaling"}, func(o Outcome) string { return string(o) }); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\r\n"), "\r\n")
	want := []string{
		"\xef\xbb\xbfRegel;Code;Bedrag;Tekst;Uitkomst;Betaling",
		"1;" + bram.Reference + ";1,00;'=HYPERLINK(1);account-closed;",
		"2;" + anna.Reference + ";2,00;'-Dank;paid;" + b.payment(b.Lines[1]).String(),
		"3;'@x;1,00;weg;unknown;",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the file is\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(out.String(), "Anna") {
		t.Error("the file names a recipient")
	}
}

// TestAListObeysThatResidentsAreKeptApart: before, and when the wijk decides it
// between the asking and the paying. A shop's list goes on.
func TestAListObeysThatResidentsAreKeptApart(t *testing.T) {
	s := newTown(t)
	club, bakker := s.add("Buurthuis", people.Merchant, 20_00), s.add("Bakker", people.Merchant, 0)
	anna, bram := s.add("Anna", people.Resident, 20_00), s.add("Bram", people.Resident, 0)
	list := s.ownCode(bram) + ";2\n" + bakker.Reference + ";3\n"
	early := s.prepare(anna, list)
	if err := s.orders.StartBatch(anna.ID, holderOf(anna), early.ID); err != nil {
		t.Fatal(err)
	}
	rules := s.node.Rules()
	rules.ResidentsPay = false
	if err := s.node.SetRules(s.node.Today(), rules); err != nil {
		t.Fatal(err)
	}
	s.runBatches()
	want := []Outcome{OutcomeApart, OutcomePaid}
	if got := s.batch(anna, early.ID).Outcomes; !slices.Equal(got, want) {
		t.Errorf("the list of before ended as %v, want %v", got, want)
	}
	late := s.prepare(anna, list)
	if lines, sum := late.Good(); late.Lines[0].Fate != OutcomeApart || lines != 1 || sum != 3_00 {
		t.Errorf("it is not said before: %v", late.Lines)
	}
	shops := s.prepare(club, list)
	if err := s.orders.StartBatch(club.ID, holderOf(club), shops.ID); err != nil {
		t.Fatal(err)
	}
	s.runBatches()
	if got := s.batch(club, shops.ID).Outcomes; !slices.Equal(got, []Outcome{OutcomePaid, OutcomePaid}) {
		t.Errorf("a shop's list ended as %v", got)
	}
	if s.has(bram) != 2_00 || s.has(anna) != 17_00 {
		t.Errorf("they have %v and %v", s.has(bram), s.has(anna))
	}
}

func TestOldListsAreForgotten(t *testing.T) {
	s := newTown(t)
	club, anna := s.add("Buurthuis", people.Merchant, 500_00), s.add("Anna", people.Resident, 0)
	for i := range batchesKept + 5 {
		s.wait(aDay / 24)
		b := s.prepare(club, fmt.Sprintf("%s;1;Dank %d\n", anna.Reference, i))
		if i%2 == 0 {
			if err := s.orders.StartBatch(club.ID, holderOf(club), b.ID); err != nil {
				t.Fatal(err)
			}
			s.runBatches()
		}
	}
	all, err := s.orders.Batches(club.ID)
	if err != nil || len(all) > batchesKept {
		t.Errorf("%d lists are kept, %v", len(all), err)
	}
	waiting := 0
	for _, b := range all {
		if !b.Started {
			waiting++
		}
	}
	if waiting > 1 {
		t.Errorf("%d lists wait that were never started", waiting)
	}
	if _, err := s.orders.Batch(anna.ID, all[0].ID); !errors.Is(err, ErrUnknownOrder) {
		t.Errorf("somebody else reads it: %v", err)
	}
}

func FuzzReadBatch(f *testing.F) {
	for _, seed := range []string{"A;1;x\n", "\xef\xbb\xbfa,b\n", "\"", "A;1.000,00;\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		lines, err := readBatch(file)
		if err != nil {
			return
		}
		for _, line := range lines {
			if line.amount < 0 || line.row < 1 {
				t.Fatalf("%+v", line)
			}
		}
	})
}
