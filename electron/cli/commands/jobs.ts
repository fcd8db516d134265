import type { Command } from 'commander';
import type { Job } from '../../../shared/contract/common.ts';
import { formatFraction } from '../../../shared/units/format.ts';
import { followJob } from '../follow-job.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';

const stateOf = ({ state }: Job): string =>
  state.type === 'running' ? `running ${formatFraction(state.fraction)}` : state.type;

const listText = (jobs: readonly Job[]): string =>
  jobs.length === 0
    ? 'No jobs yet.'
    : renderTable<Job>(
        [
          { head: 'id', cell: (job) => job.id },
          { head: 'kind', cell: (job) => job.kind },
          { head: 'state', cell: stateOf },
          { head: 'title', cell: (job) => job.title },
        ],
        jobs,
      );

export const registerJobs = (program: Command): void => {
  const jobs = program
    .command('jobs')
    .description('long actions: what runs, what ended, what can be resumed')
    .addHelpText('after', '\nExample:\n  $ dyno jobs list');
  jobs
    .command('list')
    .description('jobs, newest first')
    .addHelpText('after', '\nExample:\n  $ dyno jobs list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const list = await client.jobs.list();
        out.result(list, () => listText(list));
      }),
    );
  jobs
    .command('cancel <job>')
    .description('stop a job and clear away what it left')
    .addHelpText('after', '\nExample:\n  $ dyno jobs cancel job_mh2x9k')
    .action((jobId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const job = await client.jobs.cancel({ jobId });
        out.result(job, () => `${job.title}: ${job.state.type}`);
      }),
    );
  jobs
    .command('resume <job>')
    .description('go on with a job that was paused, cancelled, failed or interrupted')
    .addHelpText('after', '\nExample:\n  $ dyno jobs resume job_mh2x9k')
    .action((jobId: string, _options, command: Command) =>
      runCommand(command, async (context) => {
        const afterSeq = await context.client.app.lastSeq();
        const job = await context.client.jobs.resume({ jobId });
        const resultId = await followJob(context, job, afterSeq.seq);
        context.out.result({ jobId, resultId }, () => `Done${resultId === null ? '' : `: ${resultId}`}`);
      }),
    );
};
