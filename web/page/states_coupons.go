package page

// couponStates are the states of paper coupons.
func (x sample) couponStates() map[string]View {
	faces := []CashFace{{Name: "c200", Word: "Bonnen van 2,00"}, {Name: "c500", Word: "Bonnen van 5,00", Count: "2"}, {Name: "c1000", Word: "Bonnen van 10,00"}}
	good := CashLine{Icon: "check", What: x.base.T("coupons.number", "number", "12"), When: x.typed, Amount: "5,00"}
	bad := CashLine{Icon: "warning", What: x.typed, When: x.base.T("coupons.used"), Bad: true}
	shop := PersonLine{Href: "/x", Name: x.typed, Role: "role.merchant", Icon: "shop"}
	return map[string]View{
		"coupons":           CouponsPage{Base: x.base, Action: "/coupons", ID: "1", Has: "30,00", Faces: faces, Back: "/wallet"},
		"coupons made":      CouponsPage{Base: x.base, Action: "/coupons", Name: x.typed, ID: "1", Has: "30,00", Faces: faces, Sheets: []CouponSheet{{Href: "/x", When: "vandaag", What: "2 bonnen, samen 10,00"}}, Lines: []CashLine{good}, Back: "/x", Problem: x.typed},
		"couponbook":        CouponBookPage{Base: x.base, Action: "/desk/coupons", Query: x.typed, Shops: []PersonLine{shop}, More: true, Desk: true, Results: []CashLine{bad}, Problem: x.typed},
		"couponbook none":   CouponBookPage{Base: x.base, Action: "/desk/coupons", Desk: true},
		"couponbook codes":  CouponBookPage{Base: x.base, Action: "/desk/coupons", Shop: "1", Name: x.typed, Typed: x.typed, Desk: true, Problem: x.typed},
		"couponbook booked": CouponBookPage{Base: x.base, Action: "/shop/coupons", Name: x.typed, Results: []CashLine{good, bad}, Sum: "5,00"},
	}
}
