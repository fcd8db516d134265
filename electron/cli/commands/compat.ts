import type { Command } from 'commander';
import type { CompatResult } from '../../../shared/contract/compat.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import { compatSummary, renderCompat } from '../render/compat.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly key?: string;
  readonly model?: string;
}

const examples = `
Examples:
  $ dyno compat http://127.0.0.1:7842 --key dyno_…
  $ dyno compat http://127.0.0.1:11434 --model llama3.2 --json

Exit codes: 0 every check passed, ${errorRow('compat.not-passed').exit} one failed or found no such route, ${errorRow('bench.target-unreachable').exit} no answer at all.`;

/** Environment, so that a key need not stand in the shell's history. */
const keyOf = ({ key }: Options): string | undefined => key ?? process.env['DYNO_COMPAT_KEY'];

export const registerCompat = (program: Command): void => {
  program
    .command('compat <url>')
    .description('check whether a server answers as clients of OpenAI, Anthropic and Ollama expect')
    .option('-k, --key <key>', 'API key of the server; or DYNO_COMPAT_KEY in the environment')
    .option('-m, --model <name>', 'model to ask; the first the server lists when left out')
    .addHelpText('after', examples)
    .action((url: string, options: Options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const results: CompatResult[] = [];
        let model = '';
        let total = 0;
        const apiKey = keyOf(options);
        const events = await client.compat.run(
          {
            url,
            ...(apiKey !== undefined && { apiKey }),
            ...(options.model !== undefined && { model: options.model }),
          },
          { signal },
        );
        for await (const event of events) {
          if (event.type === 'started') {
            model = event.model;
            total = event.checks;
            out.note(`${total} checks against ${url}, model ${model}.`);
          } else {
            results.push(event.result);
            out.progress(`${results.length} of ${total}  ${event.result.id}`);
          }
        }
        out.result({ url, model, results }, () => renderCompat(results));
        if (results.some(({ outcome }) => outcome !== 'passed'))
          throw new AppError('compat.not-passed', compatSummary(results));
      }),
    );
};
