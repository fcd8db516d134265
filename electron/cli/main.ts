import { createProgram } from './program.ts';

// `dyno models list | head -1`: a reader that has seen enough is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await createProgram().parseAsync(process.argv);
