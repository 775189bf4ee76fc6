package web

import (
	"net/http"
	"testing"

	"grulden/web/page"
)

func TestTheGalleryIsOpenInTheDemoOnly(t *testing.T) {
	b := newSite(t, nil).browser()
	b.get("/dev/states").want(http.StatusNotFound)
	b.get("/dev/states/nl/wallet").want(http.StatusNotFound)

	b = newSite(t, func(c *Config) { c.Demo = true }).browser()
	b.page("/dev/states").shows("Alle pagina’s", "wallet blocked")
	for name := range page.States(page.Dutch, "x") {
		b.page("/dev/states/nl/" + page.Slug(name))
	}
	b.page("/dev/states/en/wallet").shows("You can spend now")
	b.page("/dev/states/ar-XB/wallet").shows("[U kuunt nuu uuiitgeeveen]")
	b.page("/dev/states/nl/receipt?typed=Iemand").shows("aan Iemand")
	b.get("/dev/states/nl/nothing").want(http.StatusNotFound)
	b.get("/dev/states/xx/wallet").want(http.StatusNotFound)
}
