/** A live room in the browser: its socket, its clock, its picture. */
export { backoffMs } from "./backoff";
export { ServerClock } from "./clock";
export { LikeBatcher } from "./likes";
export type * from "./messages";
export { Player, type PlayerFigures, type PlayerOptions, type PlayerState } from "./player";
export { RoomClient, type Beat, type RoomOptions, type RoomStatus } from "./room";
export { useRoom, type UseRoomOptions } from "./useRoom";
