import { once } from 'node:events';
import { openStorage } from '../../electron/storage/index.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Far more than the test waits for: a child whose parent was killed must not fill the disk. */
const mostEvents = 200_000;

/** Child of the crash test: appends events as fast as it can and prints the number of each after it is committed. */
const storage = openStorage(process.argv[2] ?? '');
for (let count = 0; count < mostEvents; count += 1) {
  const event = storage.events.append(
    { type: 'bench.noted', runId: 'crash', text: 'x'.repeat(count % 2000) },
    count,
  );
  // a full pipe must be given time to empty, or the parent never learns what was committed
  if (!process.stdout.write(`${event.seq}\n`) || count % 50 === 0) {
    await (process.stdout.writableNeedDrain ? once(process.stdout, 'drain') : nextTurn());
  }
}
