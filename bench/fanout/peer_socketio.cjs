// A room on socket.io, as its guide makes one: what one says is emitted to all.
const { Server } = require("socket.io");

const http = require("node:http").createServer();
// The load client does not answer pings, so there are none within a run.
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 600_000 });

io.on("connection", (socket) => {
  socket.on("pub", (text) => io.emit("chat", text));
  socket.on("beat", () => {});
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
