import { z } from 'zod';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/ports.ts';
import type { Dialect } from '../dialect.ts';
import { parseJson } from '../parameters/parse-json.ts';
import { invalidValue } from '../parameters/parameter-error.ts';
import type { SocketRoute } from '../public-routes.ts';
import { isTold } from '../told-error.ts';
import { sendError } from '../stages/settle.ts';
import type { MessageSocket, SocketListener } from './message-socket.ts';
import { createSocketReply } from './socket-reply.ts';
import type { Responder } from '../http-exchange.ts';

/** Messages that may wait for the answer to those before them. */
const MAX_WAITING = 16;

interface SessionPorts {
  readonly newId: () => string;
  readonly dialect: Dialect;
  readonly log: Logger;
  /** Answers one message as the route answers a body; rejects never. */
  readonly answer: (id: string, body: Uint8Array, reply: Responder) => Promise<void>;
}

const encoder = new TextEncoder();
const messageSchema = z.looseObject({ type: z.unknown().optional() });

/**
 * The body a message stands for. On `/v1/responses` it is a `response.create` event with the fields of the body beside
 * its type; on `/v1/chat/completions` it is the body itself. Both are always streamed.
 * @throws AppError `gateway.invalid-json`, `gateway.invalid-value`
 */
export const toBody = (route: SocketRoute, text: string): Uint8Array => {
  const message = messageSchema.parse(parseJson(encoder.encode(text)));
  const { type, ...fields } = message;
  if (route.name === 'response' && type !== 'response.create') {
    throw invalidValue(
      'type',
      `A message of type ${JSON.stringify(type)} is not understood.`,
      'Send {"type": "response.create", …} with the fields of POST /v1/responses.',
    );
  }
  if (fields['stream'] === false)
    throw invalidValue('stream', 'Answers on a WebSocket are always streamed.', 'Leave stream out.');
  const body = route.name === 'response' ? fields : message;
  return encoder.encode(JSON.stringify({ ...body, stream: true }));
};

/**
 * One connection: message after message, each answered before the next is begun, as a conversation goes. When the client
 * leaves, the answer in work is ended and those that wait are forgotten.
 */
export const createSocketSession = (
  route: SocketRoute,
  socket: MessageSocket,
  ports: SessionPorts,
): SocketListener => {
  const waiting: string[] = [];
  let isBusy = false;
  let isGone = false;
  let onGone = (): void => undefined;

  const answerOne = async (text: string): Promise<void> => {
    const id = ports.newId();
    const reply = createSocketReply(socket, id, (act) => {
      onGone = act;
    });
    try {
      await ports.answer(id, toBody(route, text), reply);
    } catch (error) {
      const known = toAppError(error);
      if (!isTold(known.code)) ports.log.error('A message met a defect.', { requestId: id, error: known });
      sendError(reply, known, { dialect: ports.dialect, requestId: id });
    }
    onGone = () => undefined;
  };
  const work = async (): Promise<void> => {
    isBusy = true;
    for (let text = waiting.shift(); text !== undefined && !isGone; text = waiting.shift())
      await answerOne(text);
    isBusy = false;
  };

  return {
    message: (text) => {
      if (waiting.length >= MAX_WAITING) {
        const id = ports.newId();
        const error = new AppError('gateway.queue-full', `${MAX_WAITING} messages of this connection wait.`, {
          hint: 'Wait for an answer before the next message.',
        });
        sendError(
          createSocketReply(socket, id, () => undefined),
          error,
          { dialect: ports.dialect, requestId: id },
        );
        return;
      }
      waiting.push(text);
      if (!isBusy) void work();
    },
    gone: () => {
      isGone = true;
      waiting.length = 0;
      onGone();
    },
  };
};
