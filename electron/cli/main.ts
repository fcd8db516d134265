import { toAppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import { createProgram } from './program.ts';

// `dyno models list | head -1`: a reader that has seen enough is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// the last resort: what a callback threw and nobody caught is told like any other failure, a defect with its trace
process.on('uncaughtException', (error) => {
  const { code, message, hint } = toAppError(error);
  if (code === 'app.internal') process.stderr.write(`${error.stack ?? String(error)}\n`);
  process.stderr.write(`dyno: ${message}\n${hint === undefined ? '' : `${hint}\n`}(${code})\n`);
  process.exit(errorRow(code).exit);
});

await createProgram().parseAsync(process.argv);
