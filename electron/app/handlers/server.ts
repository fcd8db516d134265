import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const serverHandlers = (implementer: Implementer, { server }: Features) => ({
  status: implementer.server.status.handler(() => server.status()),
  start: implementer.server.start.handler(({ input, signal, context }) =>
    server.start(input, signalOf(signal), context.actor),
  ),
  stop: implementer.server.stop.handler(({ context }) => server.stop(context.actor)),
  networkChoices: implementer.server.networkChoices.handler(() => server.networkChoices()),
  openNetwork: implementer.server.openNetwork.handler(({ input, context }) =>
    server.openNetwork(input, context.actor),
  ),
  closeNetwork: implementer.server.closeNetwork.handler(({ context }) => server.closeNetwork(context.actor)),
  certificate: implementer.server.certificate.handler(() => server.certificate()),
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
