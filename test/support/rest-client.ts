import { z } from 'zod';
import { createSseParser } from '../../electron/bench/index.ts';
import { telemetrySampleSchema } from '../../shared/contract/hardware.ts';
import { modelDetailsSchema, quantTypeSchema } from '../../shared/contract/models.ts';
import { serverStatusSchema } from '../../shared/contract/server.ts';
import { appInfoSchema, settingsSchema } from '../../shared/contract/settings.ts';
import { appEventSchema } from '../../shared/events/events.ts';
import type { ContractClient } from './contract-transports.ts';

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const errorSchema = z.object({ code: z.string(), message: z.string(), data: z.unknown() });

/** A stream of the contract over REST is an event stream whose messages are JSON. */
async function* messagesOf<Item>(response: Response, schema: z.ZodType<Item>): AsyncGenerator<Item> {
  const parser = createSseParser();
  if (response.body === null) return;
  for await (const bytes of response.body) {
    for (const { data } of parser.push(bytes)) if (data !== '') yield schema.parse(JSON.parse(data));
  }
}

/** The contract as a script speaks it: plain HTTP and JSON, nothing of oRPC. */
export const createRestClient = (baseUrl: string, token: string): ContractClient => {
  const ask = async ({ method, path, body, signal }: Ask): Promise<Response> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    if (response.ok) return response;
    const error = errorSchema.parse(await response.json());
    throw Object.assign(new Error(error.message), error);
  };
  const json = async <Answer>(schema: z.ZodType<Answer>, request: Ask): Promise<Answer> =>
    schema.parse(await (await ask(request)).json());

  return {
    app: {
      info: () => json(appInfoSchema, { method: 'GET', path: '/app' }),
      lastSeq: () => json(z.object({ seq: z.number() }), { method: 'GET', path: '/app/events/last' }),
      updateSettings: (body) => json(settingsSchema, { method: 'POST', path: '/app/settings', body }),
      watch: async ({ afterSeq }) => {
        const path = afterSeq === undefined ? '/app/events' : `/app/events?afterSeq=${afterSeq}`;
        return messagesOf(await ask({ method: 'GET', path }), appEventSchema);
      },
    },
    hardware: {
      telemetry: async (_input, options) =>
        messagesOf(
          await ask({ method: 'GET', path: '/hardware/telemetry', signal: options?.signal }),
          telemetrySampleSchema,
        ),
    },
    models: {
      inspect: ({ model }) =>
        json(modelDetailsSchema, { method: 'GET', path: `/models/${encodeURIComponent(model)}` }),
      quantTypes: () => json(z.array(quantTypeSchema), { method: 'GET', path: '/models/quant-types' }),
    },
    server: { stop: () => json(serverStatusSchema, { method: 'POST', path: '/server/stop', body: {} }) },
  };
};
