import { describe, expect, it } from 'vitest';
import { createClaimLine } from '../../../../electron/gateway/limits/claim-line.ts';
import { createWaitingRoom } from '../../../../electron/gateway/limits/waiting-room.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

describe('the line of those who wait for room', () => {
  it('takes one of each key in turn, so that a key with many keeps another waiting for one', () => {
    const line = createClaimLine();
    for (let each = 0; each < 3; each += 1) line.join('many');
    line.join('one');
    line.join('many');
    expect(line.claims().map(({ owner, round }) => [owner, round])).toEqual([
      ['many', 0],
      ['one', 0],
      ['many', 1],
      ['many', 2],
      ['many', 3],
    ]);
  });

  it('owes whoever comes what one of each key lacks of that bucket, and who waits what those before it do', () => {
    const line = createClaimLine();
    const claims = ['many', 'many', 'other'].map(line.join);
    for (const [index, claim] of claims.entries()) Object.assign(claim, { bucket: 'b', units: index + 1 });
    const owed = (claim?: (typeof claims)[number]) => line.owedBefore('b', claim);
    expect([owed(), ...claims.map(owed), line.owedBefore('c', undefined)]).toEqual([4, 0, 4, 1, 0]);
    const [first, second] = claims;
    if (first === undefined || second === undefined) throw new TypeError('no claims');
    line.serve(first);
    expect([owed(), owed(second)]).toEqual([3, 3]);
    line.serve(line.claims()[0] ?? first);
    // the round of who is first now counts
    expect(owed()).toBe(2);
  });

  it('owes by the turns at that bucket, however long others wait at another', () => {
    const line = createClaimLine();
    const stuck = line.join('stuck');
    const claims = ['many', 'many', 'many'].map(line.join);
    for (const [index, claim] of claims.entries()) Object.assign(claim, { bucket: 'b', units: index + 1 });
    Object.assign(stuck, { bucket: 'c', units: 1 });
    const [first] = claims;
    if (first === undefined) throw new TypeError('no claims');
    line.serve(first);
    expect([line.owedBefore('b', undefined), line.owedBefore('c', undefined)]).toEqual([2, 1]);
  });

  it('gives a key that comes again and again no second turn before the first of others', () => {
    const line = createClaimLine();
    line.join('stuck');
    const waits = ['many', 'many', 'many'].map(line.join);
    const served: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      line.join('busy');
      const next = line.claims().find(({ owner }) => owner !== 'stuck');
      if (next === undefined) throw new TypeError('no claims');
      served.push(next.owner);
      line.serve(next);
    }
    expect(served).toEqual(['many', 'busy', 'many', 'busy', 'many']);
    // who leaves unserved has had no turn
    for (const claim of waits) line.leave(claim);
    line.leave(line.join('gone'));
    expect(line.join('gone').round).toBe(line.join('new').round);
  });
});

describe('the waiting room', () => {
  const open = () => {
    const clock = createFakeClock();
    const world = { rooms: 0 };
    const room = createWaitingRoom(clock);
    const done: string[] = [];
    const wait = (owner: string, { bucket = 'b', signal = new AbortController().signal } = {}) => {
      const waiting = room.wait(
        owner,
        (claim) => {
          claim.bucket = bucket;
          if (world.rooms === 0) return undefined;
          world.rooms -= 1;
          return { owner };
        },
        signal,
      );
      void waiting.then(
        () => done.push(owner),
        () => done.push(`${owner} left`),
      );
      return waiting;
    };
    return { clock, world, room, done, wait };
  };

  it('lets in at once where there is room, else in order as room comes, also without a word', async () => {
    const { clock, world, room, done, wait } = open();
    world.rooms = 1;
    await wait('first');
    expect(clock.pendingTimers()).toBe(0);
    const waiting = [wait('second'), wait('third')];
    world.rooms = 1;
    room.look();
    await waiting[0];
    expect(done).toEqual(['first', 'second']);
    world.rooms = 1;
    await clock.advance(250);
    expect([done.at(-1), clock.pendingTimers(), room.line.claims()]).toEqual(['third', 0, []]);
  });

  it('lets who leaves go, and looks for those behind', async () => {
    const { clock, world, done, wait } = open();
    const leave = new AbortController();
    const gone = wait('first', { signal: leave.signal });
    const next = wait('second');
    world.rooms = 1;
    leave.abort(new TypeError('gone'));
    await next;
    await expect(gone).rejects.toThrow('gone');
    expect([done.toSorted(), clock.pendingTimers()]).toEqual([['first left', 'second'], 0]);
  });

  it('fails who cannot be tried, and nobody else', async () => {
    const { room, wait, world } = open();
    const broken = room.wait(
      'broken',
      () => {
        throw new TypeError('broken');
      },
      new AbortController().signal,
    );
    await expect(broken).rejects.toThrow('broken');
    const next = wait('next');
    world.rooms = 1;
    room.look();
    await next;
  });
});
