import { openStorage } from '../../electron/storage/index.ts';

/** Child of the crash test: appends events as fast as it can and prints the number of each after it is committed. */
const storage = openStorage(process.argv[2] ?? '');
for (let count = 0; ; count += 1) {
  const event = storage.events.append(
    { type: 'bench.noted', runId: 'crash', text: 'x'.repeat(count % 2000) },
    count,
  );
  process.stdout.write(`${event.seq}\n`);
}
