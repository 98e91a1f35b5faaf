// An HTTP proxy on the loopback that wants a login and leads every host to one port of this machine.
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface HttpProxy {
  port: number;
  /** Hosts that were asked for, as `host:port`. */
  hosts: string[];
  close(): Promise<void>;
}

export async function startHttpProxy({ login, leadTo }: { login: string; leadTo: number }): Promise<HttpProxy> {
  const hosts: string[] = [];
  const expected = `Basic ${Buffer.from(login).toString('base64')}`;
  const sockets = new Set<Socket>();

  const server = createServer((request, response) => {
    if (request.headers['proxy-authorization'] !== expected) return void response.writeHead(407).end();
    const url = new URL(request.url ?? '');
    hosts.push(url.host);
    const onward = httpRequest(
      { host: '127.0.0.1', port: leadTo, path: url.pathname, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy()).end();
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    if (request.headers['proxy-authorization'] !== expected) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    hosts.push(request.url ?? '');
    const onward = connect(leadTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      end.on('error', () => other.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hosts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
