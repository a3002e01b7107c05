// A room on ws: what comes in at /pub goes out to everyone, at once or once a WINDOW (ms).
const { WebSocketServer } = require("ws");

const [port, window] = process.argv.slice(2).map(Number);
const server = new WebSocketServer({ port, host: "127.0.0.1", perMessageDeflate: false, backlog: 4096 });
let pending = [];

function send(text) {
  for (const client of server.clients) if (client.readyState === 1) client.send(text);
}

server.on("connection", (socket, request) => {
  socket.on("message", (data) => {
    if (request.url !== "/pub") return JSON.parse(data);
    if (window) pending.push(data.toString());
    else send(data.toString());
  });
});

if (window)
  setInterval(() => {
    if (pending.length) send(`{"m":["${pending.join('","')}"]}`);
    pending = [];
  }, window);
