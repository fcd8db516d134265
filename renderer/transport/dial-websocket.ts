import { RPCLink } from '@orpc/client/websocket';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Dial, Pipe } from './connection.ts';

/** `ws://host:port/rpc` beside the page's own address. */
export const rpcAddress = (page: Pick<Location, 'protocol' | 'host'>): string =>
  `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/rpc`;

/**
 * A browser does not tell a script why a WebSocket was refused. If the page's own address still answers, the host is
 * there and the token was wrong; else the host is gone.
 */
const isHostThere = async (signal: AbortSignal): Promise<boolean> => {
  try {
    const answer = await fetch('./', { method: 'HEAD', cache: 'no-store', signal });
    return answer.status < 500;
  } catch {
    return false; // no answer is the answer
  }
};

const opened = (socket: WebSocket, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => {
      socket.close();
      reject(new AppError('app.cancelled'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('close', () => reject(new AppError('app.not-found')), { once: true });
  });

const dialOnce = async (
  token: string,
  page: Pick<Location, 'protocol' | 'host'>,
  signal: AbortSignal,
): Promise<Pipe> => {
  const socket = new WebSocket(rpcAddress(page), ['dyno', `dyno.token.${token}`]);
  socket.binaryType = 'arraybuffer';
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve(), { once: true });
  });
  await opened(socket, signal);
  signal.addEventListener('abort', () => socket.close(), { once: true });
  return { link: new RPCLink({ websocket: socket }), closed };
};

/** Dials the host of browser mode. The token travels as a subprotocol: a page cannot set headers on a WebSocket. */
export const createWebSocketDial =
  (token: string | null, page: Pick<Location, 'protocol' | 'host'>): Dial =>
  async (signal): Promise<Pipe> => {
    if (token === null) throw new AppError('app.unauthorized');
    try {
      return await dialOnce(token, page, signal);
    } catch (error) {
      if (signal.aborted || !(await isHostThere(signal))) throw error;
    }
    // The host may have come up between the two questions, so one refusal is not yet a refusal.
    try {
      return await dialOnce(token, page, signal);
    } catch (error) {
      throw (await isHostThere(signal)) ? new AppError('app.unauthorized') : error;
    }
  };
