import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const serverHandlers = (implementer: Implementer, { server }: Features) => ({
  status: implementer.server.status.handler(() => server.status()),
  start: implementer.server.start.handler(({ input, signal }) => server.start(input, signalOf(signal))),
  stop: implementer.server.stop.handler(() => server.stop()),
  apiKey: implementer.server.apiKey.handler(() => ({ apiKey: server.apiKey() })),
  renewApiKey: implementer.server.renewApiKey.handler(async () => ({ apiKey: await server.renewApiKey() })),
  requests: implementer.server.requests.handler(() => [...server.requests()]),
  cancelRequest: implementer.server.cancelRequest.handler(({ input }) => {
    server.cancelRequest(input.requestId);
    return {};
  }),
  playground: implementer.server.playground.handler(({ input, signal, context }) =>
    context.guard(server.playground(input, signalOf(signal))),
  ),
});
