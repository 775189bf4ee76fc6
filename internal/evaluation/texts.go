package evaluation

import (
	"grulden/demurrage"
	"grulden/internal/report"
)

// summarySentences are the sentences of the summary, and the figures that each
// needs. One that is missing leaves its sentence out.
var summarySentences = []struct {
	text    string
	figures []string
}{
	{"sum_volume", []string{"volume", "payments", "participants"}},
	{"sum_stock", []string{"stock_mean", "velocity"}},
	{"sum_holding", []string{"holding_mean", "holding_median"}},
	{"sum_flow", []string{"issued", "redeemed", "stock_end"}},
	{"sum_multiplier", []string{"multiplier"}},
	{"sum_fund", []string{"fund_demurrage", "fund_end"}},
}

// words are the texts of the report.
var words = map[string]report.Text{
	"title":        {NL: "Loopt het rond?", EN: "Does it circulate?"},
	"about":        {NL: "{coin} in {wijk}: van {from} tot en met {to}, {days} dagen.", EN: "{coin} in {wijk}: from {from} up to and including {to}, {days} days."},
	"confidential": {NL: "Vertrouwelijk: alleen voor binnen de stichting. In een kleine wijk zeggen deze cijfers soms iets over één persoon of winkel. Wat iedereen mag weten, is apart gepubliceerd.", EN: "Confidential: for inside the foundation only. In a small neighbourhood these figures may tell about one person or shop. What everybody may know is published apart."},

	"short":          {NL: "In het kort", EN: "In short"},
	"answer_yes":     {NL: "Ja. Van al het geld dat is betaald, was {share} % al eerder van hand tot hand gegaan. Dat is de helft of meer.", EN: "Yes. Of all that was paid, {share} % had gone from hand to hand before. That is half or more."},
	"answer_partly":  {NL: "Voor een deel. Van al het geld dat is betaald, was {share} % al eerder van hand tot hand gegaan. De rest werd voor het eerst betaald.", EN: "In part. Of all that was paid, {share} % had gone from hand to hand before. The rest was paid for the first time."},
	"answer_no":      {NL: "Nee. Alles werd voor het eerst betaald. Geen geld ging verder naar een volgende.", EN: "No. All of it was paid for the first time. No money went on to somebody else."},
	"answer_toofew":  {NL: "Dat is nog niet te zeggen. Er deden te weinig mensen en winkels mee.", EN: "That cannot be said yet. Too few people and shops took part."},
	"sum_volume":     {NL: "Er is {volume} {coin} betaald, in {payments} betalingen. Daarbij waren {participants} mensen en winkels.", EN: "{volume} {coin} were paid in {payments} payments. {participants} people and shops took part."},
	"sum_stock":      {NL: "Gemiddeld was er {stock_mean} {coin} in omloop. In dit tempo wisselt het geld {velocity} keer per jaar van eigenaar.", EN: "On average {stock_mean} {coin} were in circulation. At this pace the money changes hands {velocity} times a year."},
	"sum_holding":    {NL: "Geld dat werd betaald, lag daarvoor gemiddeld {holding_mean} dagen stil. De helft lag {holding_median} dagen of korter stil.", EN: "Money that was paid had lain still for {holding_mean} days on average. Half of it had lain for {holding_median} days or less."},
	"sum_flow":       {NL: "Er kwam {issued} {coin} bij. Winkels kregen {redeemed} euro uitbetaald. Aan het eind was er {stock_end} {coin} in omloop.", EN: "{issued} {coin} were issued. {redeemed} euros were paid out. At the end {stock_end} {coin} were in circulation."},
	"sum_multiplier": {NL: "Voor elke nieuwe {coin} is {multiplier} {coin} gemaakt en betaald, die nieuwe zelf meegeteld. Betalingen met ouder geld tellen ook mee. Betaald is nog niet verdiend: een winkel koopt er ook van in.", EN: "For each {coin} issued {multiplier} {coin} were issued and paid, the new one included. Payments with older money count too. Paid is not earned: a shop also buys with it."},
	"sum_fund":       {NL: "Door smelten kreeg het wijkfonds {fund_demurrage} {coin}. Aan het eind had het {fund_end} {coin}.", EN: "The neighbourhood fund got {fund_demurrage} {coin} from melting. At the end it had {fund_end} {coin}."},

	"beside":       {NL: "Vergeleken met de periode ervoor", EN: "Compared with the period before"},
	"beside_about": {NL: "De periode ervoor is {before}. Een verschil zegt niet waardoor het komt.", EN: "The period before is {before}. A difference does not say what caused it."},
	"beside_none":  {NL: "Er is geen periode ervoor om mee te vergelijken. Het grootboek was er toen nog niet, of niet al die dagen.", EN: "There is no period before to compare with. The ledger did not exist then, or not on all those days."},
	"now":          {NL: "Deze periode", EN: "This period"},
	"then":         {NL: "Ervoor", EN: "Before"},
	"more":         {NL: "Verschil, vóór afronden", EN: "Difference, before rounding"},

	"notshown":    {NL: "Wat dit verslag niet laat zien", EN: "What this report does not show"},
	"not_euros":   {NL: "Wat mensen en winkels met euro's doen. Een winkel kan uitbetaalde euro's ook in de wijk uitgeven.", EN: "What people and shops do with euros. A shop may spend the euros it got in the neighbourhood, too."},
	"not_why":     {NL: "Waarom iets gebeurt. Gaan twee cijfers samen omhoog, dan komt het ene niet altijd door het andere.", EN: "Why something happens. Two figures that rise together need not cause each other."},
	"not_without": {NL: "Wat er zonder de {coin} was gebeurd. Daarvoor moet u vergelijken met een wijk zonder {coin}, of het mensen vragen.", EN: "What would have happened without the {coin}. That needs a comparison with a neighbourhood that has none, or a question asked of people."},
	"not_order":   {NL: "Een keuze van mensen welk geld zij eerst uitgeven. Het oudste geld gaat altijd eerst: dat is een regel. Met een andere regel zijn de tijden en de keren anders.", EN: "A choice of people which money to spend first. The oldest always goes first: that is a rule. Under another rule times and hops are different."},
	"not_true":    {NL: "Of alles wat is ingevoerd ook echt zo is gebeurd. De controle laat alleen zien dat de cijfers kloppen met het journaal.", EN: "Whether all that was entered did happen. The check shows only that the figures follow from the journal."},

	"figures": {NL: "De cijfers", EN: "The figures"},
	"what":    {NL: "Wat", EN: "What"},
	"value":   {NL: "Getal", EN: "Number"},
	"unit":    {NL: "Eenheid", EN: "Unit"},
	"flow":    {NL: "Van en naar", EN: "From and to"},
	"norows":  {NL: "In deze periode is hier niets te tellen.", EN: "There is nothing to count here in this period."},
	"hidden":  {NL: "Een streepje: er is geen getal, of het is verborgen omdat het iets over één persoon of winkel zou zeggen.", EN: "A dash: there is no number, or it is hidden because it would tell about one person or shop."},
	"notsay":  {NL: "Let op. {text}", EN: "Note. {text}"},

	"worth":       {NL: "Wat het kostte en opbracht", EN: "What it cost and brought"},
	"worth_about": {NL: "Dit komt niet uit het journaal. Mensen vulden het in, op een blad: {sheet}.", EN: "This does not come from the journal. People filled it in on a sheet: {sheet}."},
	"worth_span":  {NL: "Het blad gaat over {sheet_from} tot en met {sheet_to}.", EN: "The sheet is about {sheet_from} up to and including {sheet_to}."},
	"worth_mind":  {NL: "Let op bij dit blad", EN: "Mind with this sheet"},
	"daily":       {NL: "Per dag", EN: "By day"},
	"daily_about": {NL: "Eén rij per dag. Een dag weet niet wat later wordt terugbetaald. Tel het betaalde van alle dagen op. Trek daar 'refunded_late' van alle dagen af. Dan krijgt u het betaalde vanaf de eerste dag.", EN: "A row for each day. A day does not know what is refunded later. Add up the volumes of all days and subtract 'refunded_late' of all days: from the first day of the ledger on that is the volume."},
	"day":         {NL: "Dag", EN: "Day"},
	"day_about":   {NL: "In de tijd van de wijk: Europe/Amsterdam.", EN: "In the time of the neighbourhood: Europe/Amsterdam."},
	"that_day":    {NL: "die dag", EN: "that day"},

	"definitions": {NL: "Uitleg bij de cijfers", EN: "Definitions"},
	"letters":     {NL: "In de formules is I nieuw gemaakt, R uitbetaald en V betaald. M is gemiddeld in omloop, T het aantal dagen, en h hoe lang geld stil ligt.", EN: "In the formulas I is issued, R paid out, V the volume, M the mean in circulation, T the number of days and h how long money lies."},
	"version":     {NL: "Versie {version} van deze uitleg.", EN: "Version {version} of this definition."},

	"origin":         {NL: "Waar dit uit volgt", EN: "What this follows from"},
	"origin_text":    {NL: "Alle cijfers zijn geteld uit het journaal van de {coin}. Niets is geschat. De wortel is een controlegetal over het hele journaal: verandert er één letter, dan verandert de wortel.", EN: "All figures are counted from the journal of the {coin}. Nothing is estimated. The root is a check over the whole journal: it changes when one letter does."},
	"origin_public":  {NL: "Alle cijfers zijn geteld uit het journaal van de {coin}, en daarna afgerond. Wat iets over één persoon of winkel zou zeggen, is weggelaten. Twee mensen keken ze na.", EN: "All figures are counted from the journal of the {coin}, and then rounded. What would tell about one person or shop is left out. Two people looked at them."},
	"origin_release": {NL: "Nummer van deze publicatie", EN: "Number of this publication"},
	"origin_hash":    {NL: "Controlegetal van de publicatie", EN: "Hash of the publication"},
	"origin_entries": {NL: "Boekingen in het journaal", EN: "Entries in the journal"},
	"origin_root":    {NL: "Wortel van het journaal", EN: "Root of the journal"},
	"origin_program": {NL: "Programma", EN: "Program"},
	"origin_period":  {NL: "Dagen", EN: "Days"},
	"origin_check":   {NL: "Wie het journaal heeft, maakt dit verslag precies zo opnieuw met: grulden report --verify BESTAND. Het programma zegt dan of het gelijk is, en anders waar niet.", EN: "Whoever has the journal makes this report again, byte for byte, with: grulden report --verify FILE. The program then says that it is equal, or where it is not."},
	"origin_not":     {NL: "Dit bewijst niet dat een boeking terecht is. Het bewijst dat de cijfers uit deze boekingen volgen. Een andere versie van het programma kan de tekst anders zetten; ook dan vergelijkt het alle cijfers.", EN: "This does not prove that an entry is right. It proves that the figures follow from these entries. Another version of the program may set the text otherwise; it compares all figures even then."},
	"page_footer":    {NL: "{coin} in {wijk}, {from} – {to}", EN: "{coin} in {wijk}, {from} – {to}"},
	"confidential_f": {NL: " · vertrouwelijk", EN: " · confidential"},
}

// date writes a day in words.
func date(day demurrage.Day, lang string) string { return report.DateText(day).In(lang) }

// dateOf writes a day that somebody wrote as 2026-03-01 in words; what is none stays
// as it is.
func (e *Evaluation) dateOf(text string) string {
	day, err := demurrage.ParseDay(text)
	if err != nil {
		return text
	}
	return date(day, e.Lang)
}
