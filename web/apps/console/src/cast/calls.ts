/** What seats, sources and guests ask of the server. */
import { ask, type components } from "@xinbo/api";

import { api } from "@console/calls";

type Schemas = components["schemas"];
export type Cast = Schemas["Cast"];
export type Seat = Schemas["ShowSeat"];
export type SeatKind = Schemas["SeatKind"];
export type Guest = Schemas["ShowGuest"];
export type GuestSeat = Schemas["GuestSeat"];
export type Layout = Schemas["CastLayout"];
export type Sources = Schemas["Sources"];
export type Source = Schemas["StreamSource"];
export type SourceName = Schemas["SourceName"];
export type GuestMove = "admit" | "connected" | "again" | "remove";

export const seatKinds = ["host", "backup_host", "controller", "moderator", "service"] as const satisfies readonly SeatKind[];
export const layouts = ["host_only", "side_by_side", "picture_in_picture", "guest_only"] as const satisfies readonly Layout[];

const show = (id: string) => ({ params: { path: { show_id: id } } });
const guest = (id: string, guestId: string) => ({ params: { path: { show_id: id, guest_id: guestId } } });
const link = (token: string) => ({ params: { path: { guest_token: token } } });

export const getSources = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/broadcast/sources", show(id)));
export const switchSource = (id: string, source: SourceName, seen: number) => ask(api.POST("/api/v1/console/shows/{show_id}/broadcast/switch", { ...show(id), body: { source, seen } }));

export const listColleagues = () => ask(api.GET("/api/v1/console/colleagues"));
export const sayHere = (id: string, source: SourceName | null) => ask(api.POST("/api/v1/console/shows/{show_id}/cast/here", { ...show(id), body: { source } }));
export const assignSeat = (id: string, kind: SeatKind, userId: string) => ask(api.PUT("/api/v1/console/shows/{show_id}/cast/seats", { ...show(id), body: { kind, userId } }));
export const freeSeat = (id: string, kind: SeatKind, userId: string) =>
  ask(api.DELETE("/api/v1/console/shows/{show_id}/cast/seats/{seat_kind}/{staff_id}", { params: { path: { show_id: id, seat_kind: kind, staff_id: userId } } }));
export const handOver = (id: string, toUser: string, source: SourceName | null, seen: number) =>
  ask(api.POST("/api/v1/console/shows/{show_id}/cast/hand-over", { ...show(id), body: { toUser, source, seen } }));
export const setLayout = (id: string, layout: Layout) => ask(api.PUT("/api/v1/console/shows/{show_id}/cast/layout", { ...show(id), body: { layout } }));
export const inviteGuest = (id: string, name: string) => ask(api.POST("/api/v1/console/shows/{show_id}/cast/guests", { ...show(id), body: { name, hours: 12 } }));
export const moveGuest = (id: string, guestId: string, step: GuestMove) =>
  ask(api.POST("/api/v1/console/shows/{show_id}/cast/guests/{guest_id}/moves/{guest_step}", { params: { path: { show_id: id, guest_id: guestId, guest_step: step } } }));
export const answerGuest = (id: string, guestId: string, round: number, sdp: string) => ask(api.POST("/api/v1/console/shows/{show_id}/cast/guests/{guest_id}/answer", { ...guest(id, guestId), body: { round, sdp } }));

/** The guest's own side, behind the link. */
export const guestLook = (token: string) => ask(api.GET("/api/v1/guests/{guest_token}", link(token)));
export const guestHere = (token: string) => ask(api.POST("/api/v1/guests/{guest_token}/here", link(token)));
export const guestAsk = (token: string) => ask(api.POST("/api/v1/guests/{guest_token}/ask", link(token)));
export const guestOffer = (token: string, round: number, sdp: string) => ask(api.POST("/api/v1/guests/{guest_token}/offer", { ...link(token), body: { round, sdp } }));
export const guestLeave = (token: string) => ask(api.POST("/api/v1/guests/{guest_token}/leave", link(token)));
