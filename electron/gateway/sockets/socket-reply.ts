import type { Responder } from '../http-exchange.ts';
import type { MessageSocket } from './message-socket.ts';

/** The data of each server-sent event of the text; comments have none. */
const dataOf = (text: string): readonly { readonly isError: boolean; readonly data: string }[] =>
  text.split('\n\n').flatMap((event) => {
    const lines = event.split('\n');
    const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
    return data.length === 0 ? [] : [{ isError: lines.includes('event: error'), data: data.join('\n') }];
  });

/**
 * An error as OpenAI's WebSocket mode says it: the body of the reply with `type` and, unless an answer had begun, `status`
 * beside it.
 */
const toErrorMessage = (body: unknown, status?: number): string =>
  JSON.stringify({ type: 'error', status, ...(typeof body === 'object' ? body : {}) });

/**
 * The reply to one message, sent as messages: each event of a stream is one. There are no headers, so the request's id
 * goes with an error only.
 */
export const createSocketReply = (
  socket: MessageSocket,
  requestId: string,
  onGone: Responder['onGone'],
): Responder => {
  let hasStarted = false;
  return {
    hasStarted: () => hasStarted,
    header: () => undefined,
    json: (status, body) => {
      if (hasStarted) return;
      hasStarted = true;
      if (status < 400) socket.send(JSON.stringify(body));
      else socket.send(toErrorMessage({ ...Object(body), request_id: requestId }, status));
    },
    text: (_status, _contentType, body) => socket.send(body),
    startStream: () => {
      hasStarted = true;
    },
    write: (text) => {
      for (const { isError, data } of dataOf(text))
        socket.send(isError ? toErrorMessage(JSON.parse(data)) : data);
    },
    bufferedBytes: () => socket.bufferedBytes(),
    takenBytes: () => socket.sentBytes() - socket.bufferedBytes(),
    drained: () => socket.drained(),
    end: () => undefined,
    destroy: () => socket.terminate(),
    onGone,
  };
};
