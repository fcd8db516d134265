import { expect, it } from 'vitest';
import { createHostPulse } from '../../../electron/app/host-pulse.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRandom } from '../../support/fake-random.ts';

const setUp = () => {
  const clock = createFakeClock();
  const { facts } = openStorage(':memory:');
  const random = createFakeRandom();
  const open = (pid: number) =>
    createHostPulse({ clock, random, facts, log: createFakeLog(), pid, isProcessAlive: () => true });
  return { clock, facts, open };
};

it('a host is alive while its process exists and its pulse is fresh', async () => {
  const { clock, open } = setUp();
  using first = open(10);
  using second = open(20);
  await clock.advance(120_000);
  expect([second.isAlive(first.owner), first.isAlive(second.owner)]).toEqual([true, true]);
  expect(second.isAlive({ pid: 30, hostId: 'host_of_nobody' })).toBe(false);
});

it('a killed host is gone although another program got its process id', async () => {
  const { clock, facts, open } = setUp();
  using second = open(20);
  facts.set('host/killed', { atMs: clock.nowMs() });
  const killed = { pid: 10, hostId: 'killed' };
  expect(second.isAlive(killed)).toBe(true);
  await clock.advance(31_000);
  expect(second.isAlive(killed)).toBe(false);
});

it('a predecessor with the same process id is gone at once, and an ended host leaves no trace', () => {
  const { facts, open } = setUp();
  const first = open(1);
  using second = open(1);
  expect(second.isAlive(first.owner)).toBe(false);
  first[Symbol.dispose]();
  expect(facts.list('host/').map(({ key }) => key)).toEqual([`host/${second.owner.hostId}`]);
});

it('a host whose disk is full misses beats and lives', async () => {
  const { clock, facts, open } = setUp();
  const host = open(10);
  facts.set = () => {
    throw new AppError('storage.disk-full');
  };
  await clock.advance(20_000);
  facts.remove = facts.set as () => void;
  expect(() => host[Symbol.dispose]()).not.toThrow();
});
