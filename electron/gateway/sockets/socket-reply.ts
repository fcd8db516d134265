import type { Responder } from '../http-exchange.ts';
import type { MessageSocket } from './message-socket.ts';

/** The data of each server-sent event of the text; comments have none. */
const dataOf = (text: string): readonly { readonly isError: boolean; readonly data: string }[] =>
  text.split('\n\n').flatMap((event) => {
    const lines = event.split('\n');
    const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
    return data.length === 0 ? [] : [{ isError: lines.includes('event: error'), data: data.join('\n') }];
  });

/** Headers that say what became of this one request; a message must not lose them. */
const isTold = (name: string): boolean =>
  name === 'retry-after' || (name.startsWith('x-dyno-') && !name.startsWith('x-dyno-key-'));

/**
 * An error as OpenAI's WebSocket mode says it: the body of the reply with `type` and, unless an answer had begun, `status`
 * beside it.
 */
const toErrorMessage = (body: unknown, status?: number): string =>
  JSON.stringify({ type: 'error', status, ...(typeof body === 'object' ? body : {}) });

/**
 * The reply to one message, sent as messages: each event of a stream is one. What a reply over HTTP would say in headers
 * of the request goes with an error, or in a message of its own before the answer; `choices` is there for clients of the
 * chat API, which look into each message for them.
 */
export const createSocketReply = (
  socket: MessageSocket,
  requestId: string,
  onGone: Responder['onGone'],
): Responder => {
  const headers: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    if (isTold(name)) headers[name] = value;
  };
  const atStart: (() => Readonly<Record<string, string>>)[] = [];
  const start = (): { readonly hasHeaders: boolean } => {
    hasStarted = true;
    for (const make of atStart) for (const [name, value] of Object.entries(make())) add(name, value);
    return { hasHeaders: Object.keys(headers).length > 0 };
  };
  let hasStarted = false;
  return {
    hasStarted: () => hasStarted,
    header: add,
    headersAtStart: (make) => {
      atStart.push(make);
    },
    json: (status, body) => {
      if (hasStarted) return;
      const { hasHeaders } = start();
      if (status < 400) socket.send(JSON.stringify(body));
      else {
        const rest = { request_id: requestId, ...(hasHeaders ? { headers } : {}) };
        socket.send(toErrorMessage({ ...Object(body), ...rest }, status));
      }
    },
    text: (_status, _contentType, body) => socket.send(body),
    startStream: () => {
      if (!start().hasHeaders) return;
      socket.send(JSON.stringify({ type: 'dyno.notice', request_id: requestId, headers, choices: [] }));
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
