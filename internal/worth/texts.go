package worth

import "grulden/internal/report"

// FieldName is what a field is called.
func FieldName(name string) report.Text { return fieldNames[name] }

var fieldNames = map[string]report.Text{
	"title":        {NL: "Naam van dit blad", EN: "Name of this sheet"},
	"from":         {NL: "Van", EN: "From"},
	"to":           {NL: "Tot en met", EN: "Up to"},
	"discount":     {NL: "Hoeveel minder telt een jaar later", EN: "How much less a year later counts"},
	"who":          {NL: "Wie", EN: "Who"},
	"change":       {NL: "Wat verandert er voor hen, en waardoor", EN: "What changes for them, and by what"},
	"asked":        {NL: "Hoe is dat aan hen gevraagd", EN: "How they were asked"},
	"what":         {NL: "Wat", EN: "What"},
	"kind":         {NL: "Soort", EN: "Kind"},
	"quantity":     {NL: "Hoeveel", EN: "How many"},
	"price":        {NL: "Euro voor één", EN: "Euros for one"},
	"year":         {NL: "Na hoeveel jaar", EN: "After how many years"},
	"source":       {NL: "Bron: hoe weet u dit", EN: "Source: how you know this"},
	"indicator":    {NL: "Waaraan ziet u het", EN: "By what you see it"},
	"proxy":        {NL: "Wat is één waard, in euro per jaar", EN: "What one is worth, in euros a year"},
	"deadweight":   {NL: "Was ook zonder de munt gebeurd", EN: "Would have happened without the coin"},
	"attribution":  {NL: "Kwam door anderen", EN: "Was done by others"},
	"displacement": {NL: "Verdween ergens anders", EN: "Went away somewhere else"},
	"dropoff":      {NL: "Gaat er elk jaar af", EN: "Is lost each year"},
	"years":        {NL: "Hoeveel jaar duurt het", EN: "How many years it lasts"},
	"spent":        {NL: "Uitgegeven", EN: "Spent"},
	"factor":       {NL: "Wat één daarvan doet", EN: "What one of them does"},
	"footprint":    {NL: "Wat de munt zelf kostte, in dezelfde maat", EN: "What the coin itself took, in the same unit"},
	"unit":         {NL: "Maat", EN: "Unit"},
	"day":          {NL: "Dag", EN: "Day"},
	"amount":       {NL: "Bedrag in euro", EN: "Amount in euros"},
}

// PartName is what a part is called, with its step.
func PartName(part Part) report.Text { return partNames[part] }

var partNames = map[Part]report.Text{
	Head:         {NL: "Dit blad", EN: "This sheet"},
	Stakeholders: {NL: "Stap 1. Voor wie verandert er iets?", EN: "Step 1. For whom does something change?"},
	Inputs:       {NL: "Wat ging erin?", EN: "What went in?"},
	Outcomes:     {NL: "Stap 2, 3 en 4. Wat veranderde er, hoe ziet u dat, en wat komt door de munt?", EN: "Steps 2, 3 and 4. What changed, how you see it, and what the coin did"},
	GreenSpent:   {NL: "Goed voor de omgeving (EROI)", EN: "Good for the surroundings (EROI)"},
	Projects:     {NL: "Gezien in de wijk", EN: "Seen in the wijk"},
}

// KindName is what a kind of input or outcome is called.
func KindName(kind string) report.Text { return kindNames[kind] }

var kindNames = map[string]report.Text{
	Euros:          {NL: "Geld", EN: "Money"},
	Hours:          {NL: "Uren, ook van vrijwilligers", EN: "Hours, of volunteers too"},
	Goods:          {NL: "Spullen of ruimte", EN: "Things or space"},
	Income:         {NL: "Inkomen", EN: "Income"},
	"contacts":     {NL: "Contact met buren", EN: "Contact with neighbours"},
	"health":       {NL: "Gezondheid", EN: "Health"},
	"skills":       {NL: "Leren en werken", EN: "Learning and working"},
	Spared:         {NL: "Kosten die niet gemaakt zijn", EN: "Costs that were not made"},
	"surroundings": {NL: "De buurt", EN: "The neighbourhood"},
	Turnover:       {NL: "Omzet van winkels", EN: "Turnover of shops"},
	Multiplier:     {NL: "Extra omzet doordat de munt rondgaat", EN: "More turnover because the coin goes round"},
	"other":        {NL: "Iets anders", EN: "Something else"},
}
