import type {
  PlaygroundEvent,
  ServerRequest,
  ServerStartInput,
  ServerStatus,
} from '../../shared/contract/server.ts';
import type { z } from 'zod';
import type { playgroundInputSchema, serverStartInputSchema } from '../../shared/contract/server.ts';

export type ServerStart = z.output<typeof serverStartInputSchema>;
export type PlaygroundInput = z.output<typeof playgroundInputSchema>;

/**
 * The one server of this host: off → starting → on → off, or failed.
 */
export interface ServerControl extends AsyncDisposable {
  status(): ServerStatus;
  /**
   * Loads the model and listens. Replaces a server that runs.
   * @throws AppError `models.*`, `engine.*`, `app.port-in-use`, `app.cancelled`
   */
  start(input: ServerStart, signal: AbortSignal): Promise<ServerStatus>;
  stop(): Promise<ServerStatus>;
  apiKey(): Promise<string>;
  renewApiKey(): Promise<string>;
  /** Running and recent requests, newest first. */
  requests(): readonly ServerRequest[];
  cancelRequest(requestId: string): void;
  /** A chat over loopback HTTP with the real server. Throws `server.not-running` while it is off. */
  playground(input: PlaygroundInput, signal: AbortSignal): AsyncGenerator<PlaygroundEvent, void, void>;
}
