package page

// shopStates are the states of the list of shops and the map.
func (x sample) shopStates() map[string]View {
	shops := []ShopLine{
		{Anchor: "shop1", Number: "1", Name: x.typed, Goods: x.typed, Address: x.typed, Icon: "bread", Hours: []string{"maandag t/m vrijdag 09:00 – 18:00", "zaterdag 09:00 – 17:00"}, Open: "shops.open", IsOpen: true},
		{Anchor: "shop2", Name: x.typed, Picture: "/shops/pictures/0.jpg", Icon: "shop", Hours: []string{"woensdag 09:00 – 18:00"}, Open: "shops.closed"},
		{Anchor: "shop3", Name: x.typed, Icon: "shop"},
	}
	icons := make([]IconChoice, len(ShopIcons))
	for i, name := range ShopIcons {
		icons[i] = IconChoice{Name: name, Word: IconWord(name), Chosen: i == 2}
	}
	sectors := []SectorChoice{{Name: "food", Word: x.typed, Chosen: true}, {Name: "care", Word: x.typed}}
	days := []DayHours{{Index: "1", Word: "weekday.1", Open: "09:00", Close: "18:00"}, {Index: "0", Word: "weekday.0"}}
	return map[string]View{
		"shops":          ShopsPage{Base: x.base, Query: x.typed, Map: x.wijkMap(), Shops: shops},
		"shops visitor":  ShopsPage{Base: x.nobody, Map: x.wijkMap(), Shops: shops},
		"shops no map":   ShopsPage{Base: x.nobody, Shops: shops},
		"shops none":     ShopsPage{Base: x.nobody},
		"shops notfound": ShopsPage{Base: x.nobody, Query: x.typed},
		"profile":        ProfilePage{Base: x.base, At: "/shop/profile", Name: x.typed, Sectors: sectors, Icons: icons, Days: days, Listed: true},
		"profile wrong": ProfilePage{
			Base: x.base, At: "/shop/profile", Name: x.typed, Goods: x.typed, Sectors: sectors, Icons: icons, Days: days, Picture: "/shops/pictures/0.jpg", HasMap: true, Placed: true,
			Problems: map[string]string{"goods": "x", "sector": "x", "hours": "x", "picture": "x"},
		},
		"profile map": ProfilePage{Base: x.base, At: "/shop/profile", Name: x.typed, Icons: icons, Days: days, HasMap: true},
		"place":       PlacePage{Base: x.base, At: "/shop/profile/place", Back: "/shop/profile", Name: x.typed, Streets: []string{x.typed}, Picture: "/shops/map.svg", Width: 280, Height: 180},
		"place known": PlacePage{Base: x.base, At: "/shop/profile/place", Back: "/shop/profile", Name: x.typed, Placed: true, Picture: "/shops/map.svg?x=1&y=2", Width: 280, Height: 180},
	}
}

func (x sample) wijkMap() *WijkMap {
	return &WijkMap{
		Width: 1000, Height: 600, Areas: []MapArea{{Fill: "#cfe5c8", Path: "M10 10L200 10L200 200z"}},
		Streets: []string{"M0 300L1000 310"}, Names: []MapName{{X: 500, Y: 305, Angle: 1, Text: x.typed}},
		Marks: []MapMark{{X: 300, Y: 300, Text: "1"}, {X: 400, Y: 300}},
	}
}
