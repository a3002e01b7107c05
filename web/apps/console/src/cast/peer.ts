/** A WebRTC connection whose two messages travel whole: all candidates are gathered before one is sent. */

const GATHER_MS = 2000;
/** How long a broken connection may mend itself. */
export const GRACE_MS = 5000;

export type PeerState = "connecting" | "connected" | "lost";

export interface Peer {
  connection: RTCPeerConnection;
  /** What comes from the other side. */
  remote: MediaStream;
  close: () => void;
}

/** Make a connection that sends `local` and tells how it does. */
export function makePeer(servers: readonly string[], local: MediaStream, onState: (state: PeerState) => void, onMedia: () => void): Peer {
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: servers.map((urls) => ({ urls })) });
  const remote = new MediaStream();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for (const track of local.getTracks()) connection.addTrack(track, local);
  connection.ontrack = ({ track }) => {
    remote.addTrack(track);
    onMedia();
  };
  connection.onconnectionstatechange = () => {
    clearTimeout(timer);
    if (connection.connectionState === "connected") onState("connected");
    else if (connection.connectionState === "failed") onState("lost");
    else if (connection.connectionState === "disconnected") timer = setTimeout(() => onState("lost"), GRACE_MS);
  };
  return {
    connection,
    remote,
    close() {
      clearTimeout(timer);
      connection.onconnectionstatechange = null;
      connection.ontrack = null;
      connection.close();
    },
  };
}

/** Set what we say, wait for all ways to reach us or for a moment, and return it whole. */
export async function described(connection: RTCPeerConnection, description: RTCLocalSessionDescriptionInit): Promise<string> {
  await connection.setLocalDescription(description);
  if (connection.iceGatheringState !== "complete") {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      connection.addEventListener("icegatheringstatechange", () => {
        if (connection.iceGatheringState !== "complete") return;
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return connection.localDescription?.sdp ?? "";
}
