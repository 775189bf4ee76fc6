package bank

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"grulden/internal/sepa"
	"grulden/internal/store"
	"grulden/ledger"
)

// OrderState is how far an Order is.
type OrderState string

// The states of an order.
const (
	OrderWaiting   OrderState = "waiting"   // goes into the next payment file
	OrderSent      OrderState = "sent"      // is in a payment file, for ever
	OrderPaid      OrderState = "paid"      // the bank paid it
	OrderBack      OrderState = "back"      // the bank paid it, and it came back
	OrderCancelled OrderState = "cancelled" // never was in a file, and will not be
)

// Order is a payment that is no redemption, such as money that goes back to its
// sender. Two people decided it; the next payment file carries it, with an
// end-to-end id of its own.
type Order struct {
	ID     ID           `json:"id"`             // chosen by the caller, the same for the same payment
	Entry  ID           `json:"entry,omitzero"` // the bank entry whose money it is
	Cents  ledger.Cents `json:"cents"`
	By     ID           `json:"by"`     // who asked for it
	Second ID           `json:"second"` // who approved it
	Added  time.Time    `json:"added"`
	State  OrderState   `json:"state"`
	Batch  string       `json:"batch,omitempty"` // the payment file that it is in
	Paid   ID           `json:"paid,omitzero"`   // the entry by which the bank paid it
	Back   ID           `json:"back,omitzero"`   // the entry by which it came back

	*Payee `json:"payee,omitempty"`
}

// Payee is whom an order pays, and what it says: personal data, sealed.
type Payee struct {
	Name string `json:"name"`
	IBAN string `json:"iban"`
	Text string `json:"text"`
}

// Errors of orders.
var (
	ErrUnknownOrder = errors.New("there is no such order")
	ErrOrderSent    = errors.New("the order is in a payment file")
	ErrSamePerson   = errors.New("an order needs two people")
)

const (
	orderRow  = 'o' // o order: Order
	orderMark = "GO"
)

func orderDoc(id ID) string { return "bank order/" + id.String() }

// EndToEndID is the end-to-end id of an order's payment.
func (o *Order) EndToEndID() string { return orderMark + endToEndText.EncodeToString(o.ID[:]) }

// parseOrderID reads what Order.EndToEndID writes.
func parseOrderID(s string) (ID, bool) { return parseEndToEnd(orderMark, s) }

// payment is the order as the payment file has it.
func (o *Order) payment() sepa.Payment {
	return sepa.Payment{
		EndToEndID: o.EndToEndID(), Cents: int64(o.Cents), Name: o.Name, IBAN: sepa.IBAN(o.IBAN), Text: o.Text,
	}
}

// AddOrder keeps an order, to be paid with the next payment file. It is on disk
// when this returns. The same id twice is one order, and gives the first. What
// a bank would refuse is refused here, and so is what one person decided.
func (b *Bank) AddOrder(o Order) (*Order, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if first, err := b.order(o.ID); err == nil || !errors.Is(err, ErrUnknownOrder) {
		return first, err
	}
	if o.By == o.Second {
		return nil, ErrSamePerson
	}
	reserve, err := b.Reserve()
	if err != nil {
		return nil, err
	}
	if o.Payee == nil {
		o.Payee = &Payee{}
	}
	if err := checkOrder(reserve, b.today(), o.payment()); err != nil {
		return nil, err
	}
	o.State, o.Batch, o.Paid, o.Back, o.Added = OrderWaiting, "", ID{}, ID{}, b.node.Now().UTC()
	if err := b.vault.Put(b.subject, orderDoc(o.ID), store.Row(o.Payee)); err != nil {
		return nil, fmt.Errorf("keep an order: %w", err)
	}
	if err := b.rows.Update(func(rows *store.Batch) { o.put(rows) }); err != nil {
		return nil, fmt.Errorf("keep an order: %w", err)
	}
	return &o, nil
}

// put adds an order in its present state to a batch of rows.
func (o *Order) put(rows *store.Batch) {
	row := *o
	row.Payee = nil
	rows.Set(rowKey(orderRow, o.ID), store.Row(row))
}

// CancelOrder takes back an order that is in no payment file: ErrOrderSent when
// it is. Doing it twice is no error.
func (b *Bank) CancelOrder(id ID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, err := b.order(id)
	switch {
	case err != nil || o.State == OrderCancelled:
		return err
	case o.State != OrderWaiting:
		return ErrOrderSent
	}
	o.State = OrderCancelled
	senders, err := b.senders([]*Order{o})
	if err != nil {
		return err
	}
	return b.rows.Update(func(rows *store.Batch) {
		o.put(rows)
		putSenders(rows, senders)
	})
}

// Order finds an order, or ErrUnknownOrder.
func (b *Bank) Order(id ID) (*Order, error) { return b.order(id) }

func (b *Bank) order(id ID) (*Order, error) {
	o := &Order{}
	found, err := b.rows.Read(rowKey(orderRow, id), o)
	if err == nil && !found {
		err = ErrUnknownOrder
	}
	if err != nil {
		return nil, err
	}
	return o, b.loadPayee(o)
}

// loadPayee unseals whom an order pays.
func (b *Bank) loadPayee(o *Order) error {
	doc, ok, err := b.vault.Get(b.subject, orderDoc(o.ID))
	if o.Payee = (&Payee{}); err != nil || !ok {
		return err
	}
	return store.ParseRow(doc, o.Payee)
}

// Orders lists the orders in some states, in all without any; the oldest first.
func (b *Bank) Orders(states ...OrderState) (all []*Order, err error) {
	err = b.rows.Scan([]byte{orderRow}, func(_, row []byte) error {
		o := &Order{}
		if err := store.ParseRow(row, o); err != nil {
			return err
		}
		if len(states) == 0 || slices.Contains(states, o.State) {
			all = append(all, o)
		}
		return nil
	})
	for _, o := range all {
		err = errors.Join(err, b.loadPayee(o))
	}
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	slices.SortFunc(all, func(x, y *Order) int {
		if c := x.Added.Compare(y.Added); c != 0 {
			return c
		}
		return slices.Compare(x.ID[:], y.ID[:])
	})
	return all, nil
}

// judgeOrderDebit holds a debit against the order that it names, and returns
// the order as it is once paid.
func (b *Bank) judgeOrderDebit(e *Entry, id ID) (*Order, error) {
	e.State, e.Order = Unexplained, id
	o, err := b.order(id)
	switch {
	case errors.Is(err, ErrUnknownOrder):
		e.Reason, e.Order = UnknownPayout, ID{}
		return nil, nil
	case err != nil:
		return nil, err
	case o.Cents != e.Cents:
		e.Reason = OtherAmount
	case e.IBAN != "" && e.IBAN != o.IBAN:
		e.Reason = OtherAccount
	case o.Batch == "":
		e.Reason = NotAsked
	case o.Paid != ID{} && o.Paid != e.ID:
		e.Reason = PaidTwice
	default:
		e.State = Settled
		o.wasPaid(e.ID)
		return o, nil
	}
	return nil, nil
}

// wasPaid notes the entry by which the bank paid an order. It may have come back
// on a statement that was taken in earlier.
func (o *Order) wasPaid(by ID) {
	if o.Paid, o.State = by, OrderPaid; o.Back != (ID{}) {
		o.State = OrderBack
	}
}

// ordersBack are the orders that came back with entries, as they are from then
// on. Money that is not what an order paid is for a person to look at.
func (b *Bank) ordersBack(entries []*Entry) (back []*Order, err error) {
	for _, e := range entries {
		if e.State != Returned || e.Order == (ID{}) {
			continue
		}
		o, err := b.order(e.Order)
		switch {
		case errors.Is(err, ErrUnknownOrder):
			e.Reason = UnknownPayout
		case err != nil:
			return nil, err
		case o.Cents != e.Cents || o.Batch == "":
			e.Reason = OtherAmount
		default:
			if o.Back = e.ID; o.Paid != (ID{}) {
				o.State = OrderBack
			}
			back = append(back, o)
		}
	}
	return back, nil
}
