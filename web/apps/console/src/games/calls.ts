/** What the games of a show ask of the server. */
import { ask, idempotent, type components, type PutGame } from "@xinbo/api";

import { api } from "@console/calls";

export type PlannedGame = components["schemas"]["Game"];

const show = (id: string) => ({ params: { path: { show_id: id } } });
const game = (id: string) => ({ params: { path: { game_id: id } } });

export const listGames = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/games", { params: { path: { show_id: id }, query: { limit: 100 } } }));
export const addGame = (id: string, body: PutGame) => ask(api.POST("/api/v1/console/shows/{show_id}/games", { ...show(id), body }));
export const putGame = (id: string, body: PutGame) => ask(api.PUT("/api/v1/console/games/{game_id}", { ...game(id), body }));
export const removeGame = (id: string) => ask(api.DELETE("/api/v1/console/games/{game_id}", game(id)));
export const startGame = (id: string, seen: number, key: string) => ask(api.POST("/api/v1/console/games/{game_id}/start", { ...game(id), body: { seen }, headers: idempotent(key) }));
export const closeGame = (runId: string) => ask(api.POST("/api/v1/console/game-runs/{game_run_id}/close", { params: { path: { game_run_id: runId } } }));
export const listRuns = (id: string, cursor?: string) => ask(api.GET("/api/v1/console/shows/{show_id}/game-runs", { params: { path: { show_id: id }, query: { limit: 20, ...(cursor && { cursor }) } } }));
export const listWinners = (id: string, cursor?: string) => ask(api.GET("/api/v1/console/shows/{show_id}/prizes", { params: { path: { show_id: id }, query: { limit: 50, ...(cursor && { cursor }) } } }));
export const sendPrize = (id: string, tracking: string) => ask(api.POST("/api/v1/console/prizes/{prize_id}/send", { params: { path: { prize_id: id } }, body: { tracking } }));
export const winnersFile = (id: string) => `/api/v1/console/shows/${id}/prizes.csv`;
export const listCoupons = () => ask(api.GET("/api/v1/console/promotions", { params: { query: { kind: "coupon", status: "running", limit: 50 } } }));
