// A WebSocket as a connection: one message a frame, as JSON.
import type { WebSocket } from 'ws';
import type { Connection } from '../../../shared/api/call-protocol.js';

/** `In` is believed, not checked: the core parses what it gets, and a client believes its core. */
export function socketConnection<Out, In>(socket: WebSocket): Connection<Out, In> {
  socket.on('error', () => socket.terminate());
  return {
    post(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.on('message', (frame: Buffer) => {
        const message = parse(frame);
        if (message !== undefined) listener(message as In);
        else socket.terminate();
      });
    },
    onEnd: (listener) => void socket.once('close', listener),
    end: () => socket.close(),
  };
}

function parse(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
