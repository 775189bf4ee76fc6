package web

import (
	"context"
	"time"

	"grulden/wallet"
)

// orderEvery is how often the server looks whether a standing payment is due or
// a list of payments waits.
const orderEvery = 20 * time.Second

// runOrders carries out what people ordered before, until ctx ends.
func (s *Server) runOrders(ctx context.Context) {
	tick := time.NewTicker(orderEvery)
	defer tick.Stop()
	for {
		if err := s.orders.RunDue(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("standing payments", "error", err)
		}
		if err := s.orders.RunBatches(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("lists of payments", "error", err)
		}
		if err := s.rewards.Run(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("lists of a source", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.ordered:
		}
	}
}

// kickOrders has what was ordered carried out now, and not at the next look.
func (s *Server) kickOrders() {
	select {
	case s.ordered <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// orderRoutes are about asking, receiving, and payments that come again.
func orderRoutes() []route {
	return []route{
		{pattern: "GET /statement", roles: holders, page: (*Server).showStatement},

		{pattern: "GET /receive", roles: resident, page: (*Server).showReceive},
		{pattern: "POST /receive/name", roles: resident, page: (*Server).nameMyself},
		{pattern: "GET /receive/amount", roles: resident, page: (*Server).askReceive},
		{pattern: "POST /receive/amount", roles: resident, page: (*Server).takeReceive},
		{pattern: "GET /receive/{code}", roles: resident, page: (*Server).showReceiving},
		{pattern: "GET /receive/live", roles: resident, live: (*Server).live},

		{pattern: "GET /ask", roles: resident, page: (*Server).listAsks},
		{pattern: "GET /ask/new", roles: resident, page: (*Server).askAsk},
		{pattern: "POST /ask/new", roles: resident, page: (*Server).takeAsk},
		{pattern: "GET /ask/{code}", roles: resident, page: (*Server).showAsked},
		{pattern: "POST /ask/{code}/stop", roles: resident, page: (*Server).stopAsk},

		{pattern: "GET /return/{id}", roles: resident, page: (*Server).showReturn},
		{pattern: "POST /return/{id}", roles: resident, page: (*Server).answerReturn},
		{pattern: "GET /return/{id}/ask", roles: resident, page: (*Server).askReturn},
		{pattern: "POST /return/{id}/ask", roles: resident, page: (*Server).takeReturn},

		{pattern: "GET /batch", roles: shop, page: (*Server).listBatches},
		{pattern: "POST /batch", roles: shop, page: (*Server).takeBatch, body: wallet.MaxBatchBytes + maxForm},
		{pattern: "GET /batch/{id}", roles: shop, page: (*Server).showBatch},
		{pattern: "POST /batch/{id}", roles: shop, page: (*Server).payBatch},
		{pattern: "GET /batch/{id}/result.csv", roles: shop, page: (*Server).batchResult},

		{pattern: "GET /standing", roles: holders, page: (*Server).listStanding},
		{pattern: "GET /standing/new", roles: holders, page: (*Server).askStanding},
		{pattern: "POST /standing/new", roles: holders, page: (*Server).checkStanding},
		{pattern: "POST /standing", roles: holders, page: (*Server).takeStanding},
		{pattern: "POST /standing/{id}/stop", roles: holders, page: (*Server).stopStanding},
		{pattern: "POST /standing/{id}/skip", roles: holders, page: (*Server).skipStanding},
	}
}
