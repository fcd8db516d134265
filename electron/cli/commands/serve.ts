import type { Command } from 'commander';
import type { AdapterWish, ServerStatus } from '../../../shared/contract/server.ts';
import { AppError, fromPayload, readErrorPayload } from '../../../shared/errors/app-error.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { keepMemoryLean } from '../lean-memory.ts';
import { collectLora } from '../lora-option.ts';
import { readModelArgument } from '../model-argument.ts';
import { addNetworkOptions, readNetworkOptions, type NetworkOptions } from '../network-options.ts';
import { portNumber, wholeNumber } from '../number-argument.ts';
import { renderNetwork } from '../render/network.ts';
import { letReach } from '../let-reach.ts';
import { runWith } from '../run-command.ts';
import { openOwnHost } from '../connect.ts';

interface ServeOptions extends EngineOptions, NetworkOptions {
  readonly port?: number;
  readonly queue?: number;
  readonly lora?: readonly AdapterWish[];
}

const adapterLines = ({ models: [first] }: Extract<ServerStatus, { type: 'on' }>): readonly string[] =>
  (first?.adapters ?? []).map(({ name, scale }, id) => `Adapter ${id}  ${name}, scale ${scale}`);

const banner = (status: Extract<ServerStatus, { type: 'on' }>, apiKey: string): string =>
  [
    `Serving ${status.models.map((model) => `${model.modelName} ${model.quantization}`).join(', ')} at ${status.url}`,
    ...adapterLines(status),
    `API key  ${apiKey}`,
    '',
    `curl ${status.url}/chat/completions -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
    `  -d '{"model":"${status.modelId}","messages":[{"role":"user","content":"Hello"}]}'`,
    '',
    ...(status.network === null ? [] : [renderNetwork(status.network), '']),
    'Ctrl-C stops.',
  ].join('\n');

export const registerServe = (program: Command): void => {
  const serve = program
    .command('serve')
    .argument(
      '[models...]',
      'ids or paths, the first answers where none is named; default: the bundled model',
    )
    .description(
      'an OpenAI-compatible server, for this machine only unless told otherwise; with --json one line {"url","apiKey"} once it answers, and "network" where it is open',
    )
    .option(
      '-p, --port <n>',
      'port on 127.0.0.1 and ::1; 0 for any free one; default: that of the settings',
      portNumber,
    )
    .option('--queue <n>', 'requests that may wait before new ones get 503', wholeNumber)
    .option(
      '--lora <file[=scale]>',
      'a LoRA adapter of the first model, repeatable; requests choose with "lora": [{"id": 0, "scale": 1}]',
      collectLora,
    );
  addEngineOptions(addNetworkOptions(serve))
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno serve\n  $ dyno serve dyno-demo-4m-Q4_K_M --port 0 --json\n  $ dyno serve model-Q8_0 model-Q4_K_M\n  $ dyno serve model-Q8_0 --lora style.gguf --lora tone.gguf=0\n  $ dyno serve --listen 0.0.0.0 --host mybox.local',
    )
    .action((models: readonly string[], options: ServeOptions, command: Command) =>
      runWith(command, openOwnHost, async ({ app, client }, { out, signal }) => {
        keepMemoryLean();
        const network = readNetworkOptions(options);
        const [model, ...also] = models.map((text) => readModelArgument(text));
        const status = await client.server.start(
          {
            ...(model !== undefined && { model }),
            also,
            ...(options.port !== undefined && { port: options.port }),
            ...(options.queue !== undefined && { queueLimit: options.queue }),
            ...(network !== undefined && { listen: { type: 'network', ...network } }),
            settings: readEngineOptions(options),
            ...(options.lora !== undefined && { lora: [...options.lora] }),
          },
          { signal },
        );
        if (status.type !== 'on') throw notStarted(status);
        await using _reach = await letReach(app);
        const { apiKey } = await client.server.apiKey();
        if (out.isJson)
          out.line({
            url: status.url,
            apiKey,
            ...(status.network !== null && { network: status.network }),
          });
        else out.result(status, () => banner(status, apiKey));
        const { seq } = await client.app.lastSeq();
        // ends with Ctrl-C, or with the failure that ended the server
        for await (const { body } of await client.app.watch({ afterSeq: seq }, { signal })) {
          if (body.type === 'server.changed' && body.status.type === 'failed') throw notStarted(body.status);
        }
        await client.server.stop();
      }),
    );
};

const notStarted = (status: ServerStatus): AppError => {
  const payload = status.type === 'failed' ? readErrorPayload(status.error) : undefined;
  return payload === undefined ? new AppError('server.not-running') : fromPayload(payload);
};
