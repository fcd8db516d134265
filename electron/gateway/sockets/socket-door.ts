import { toAppError, type AppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import type { Logger, Random } from '../../platform/ports.ts';
import type { Principal } from '../auth/principal.ts';
import { dialectAt, dialects } from '../dialects.ts';
import { errorHead } from '../error-head.ts';
import type { RequestHead, Responder } from '../http-exchange.ts';
import { createSocketResponses, type ResponseStore } from '../openai/responses/response-store.ts';
import type { SocketRoute } from '../public-routes.ts';
import { noticeHeaders } from '../stages/authenticate.ts';
import { isTold, toldError } from '../told-error.ts';
import type { UpgradeVerdict } from '../upgrade.ts';
import { createOpenSockets } from './open-sockets.ts';
import { createSocketSession } from './socket-session.ts';

/** RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1008;

/** At most 123 bytes (RFC 6455, section 5.5), so without the administrator's words: an answer in work has them. */
const goodbyeOf = ({ code }: AppError): string =>
  code === 'gateway.tenant-suspended' ? errorRow(code).title : 'The API key has ended.';

interface Entered {
  readonly route: SocketRoute;
  readonly principal: Principal;
}

/** One message of a connection, as a request. */
export interface SocketTurn {
  readonly id: string;
  readonly body: Uint8Array;
  readonly reply: Responder;
  readonly responses: ResponseStore;
}

export interface SocketDoor {
  /** Opens a connection or says why not. Never throws. */
  accept(head: RequestHead): UpgradeVerdict;
  /** Says goodbye to the connections of every key that has an end, and why. */
  closeWhere(endOf: (keyId: string) => AppError | undefined): void;
}

/** Where WebSockets come in: through the stages of any other request, once for the connection. */
export const createSocketDoor = (ports: {
  readonly random: Random;
  readonly log: Logger;
  readonly responses: ResponseStore;
  /** @throws AppError of the stages that need only the head */
  readonly enter: (head: RequestHead) => Entered;
  readonly answer: (entered: Entered, turn: SocketTurn) => Promise<void>;
}): SocketDoor => {
  const sockets = createOpenSockets();
  const newId = (): string => ports.random.id('req');

  const open = (entered: Entered): UpgradeVerdict => ({
    type: 'accepted',
    headers: { 'x-request-id': newId(), ...noticeHeaders(entered.principal) },
    listen: (socket) => {
      if (!sockets.add(entered.principal.keyId, socket)) {
        socket.close(1013, 'This key has too many connections.');
        return { message: () => undefined, gone: () => undefined };
      }
      const responses = createSocketResponses(ports.responses);
      const session = createSocketSession(entered.route, socket, {
        newId,
        log: ports.log,
        dialect: dialects[entered.route.dialect],
        answer: (id, body, reply) => ports.answer(entered, { id, body, reply, responses }),
      });
      return {
        message: session.message,
        gone: () => {
          sockets.remove(socket);
          session.gone();
        },
      };
    },
  });

  return {
    accept: (head) => {
      try {
        return open(ports.enter(head));
      } catch (error) {
        const id = newId();
        const known = toAppError(error);
        if (!isTold(known.code)) ports.log.error('A request met a defect.', { requestId: id, error: known });
        const { status, headers } = errorHead(toldError(known));
        const body = dialectAt(head.path).errorBody(known, id);
        return { type: 'refused', status, headers: { ...headers, 'x-request-id': id }, body };
      }
    },
    closeWhere: (endOf) => {
      sockets.closeWhere((keyId) => {
        const end = endOf(keyId);
        return end === undefined ? undefined : { code: POLICY_VIOLATION, reason: goodbyeOf(end) };
      });
    },
  };
};
