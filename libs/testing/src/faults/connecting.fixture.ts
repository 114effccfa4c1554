import { createConnection, Socket } from 'node:net';

// Connects in each way that clients do and says which of them got through.
const port = Number(process.env['PORT']);
const host = '127.0.0.1';
const sockets = [
  createConnection({ host, port }),
  createConnection(port, host),
  new Socket().connect({ host, port }),
  new Socket().connect(port, host),
];
for (const [index, socket] of sockets.entries()) {
  socket.on('error', (error) => process.stdout.write(`${index}: ${error.message}\n`));
  socket.on('data', (data) => {
    process.stdout.write(`${index}: ${data.toString()}\n`);
    socket.destroy();
  });
}
