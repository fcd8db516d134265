import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeAdapter } from '../../support/lora-adapter.ts';
import { makeHome } from '../../support/open-app.ts';
import { demoModelPath } from '../../support/real-pool.ts';
import { noFaults, type UserSession } from '../../support/user-session.ts';

/** Requests of sixteen answers each as long as the context, which stay until they are told to leave. */
const startCrowd = (url: string, secret: string) => {
  const leaving = new AbortController();
  const present: Promise<unknown>[] = [];
  const leave = async (): Promise<void> => {
    leaving.abort();
    await Promise.allSettled(present);
  };
  return {
    come: (): Promise<Response> => {
      const request = fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          messages: [{ role: 'user', content: 'Hello' }],
          stream: true,
          ignore_eos: true,
          n: 16,
          temperature: 1,
        }),
        signal: leaving.signal,
      });
      present.push(request);
      return request;
    },
    leave,
    [Symbol.asyncDispose]: leave,
  };
};

/** The overview, the requests and the playground, on a server that was just turned on. */
export const testPage = (session: () => UserSession): void => {
  it('looks into a request: its figures always, what it said only while it is recorded', async () => {
    const { page } = session();
    const looks = page.getByRole('button', { name: /^Look into request/u });
    const say = async (text: string): Promise<void> => {
      const before = await looks.count();
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.keyboard.press('Enter');
      await page.getByText('ended by stop').last().waitFor();
      await looks.nth(before).waitFor(); // the table is told a little later, and what it has first is looked into
    };
    const inspect = async (): Promise<void> => {
      await looks.first().click();
      await page.getByRole('dialog', { name: 'Request' }).waitFor();
    };
    await say('Hello');
    await inspect();
    await page.getByText('Nothing that requests say is kept.').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('switch', { name: 'Record what requests say' }).click();
    await page.getByRole('button', { name: 'New chat' }).click();
    await say('Hello there');
    await inspect();
    const dialog = page.getByRole('dialog', { name: 'Request' });
    await dialog.getByLabel('rendered prompt', { exact: true }).waitFor();
    expect(await dialog.getByLabel('body', { exact: true }).textContent()).toContain('"Hello there"');
    expect(await dialog.getByLabel('rendered prompt', { exact: true }).textContent()).toContain(
      '<|im_start|>user',
    );
    expect(await dialog.getByLabel('content', { exact: true }).textContent()).not.toBe('');
    expect(await session().look('request')).toEqual(noFaults);
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Record what requests say' }).click();
    await inspect();
    await page.getByText('Nothing that requests say is kept.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('marks in its row what a saturated server did with a request, and says it in whole sentences', async () => {
    const { page } = session();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const secret = await page.getByText(/^dyno_/u).textContent();
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    const address = await page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u).textContent();
    await using crowd = startCrowd(`${address}/chat/completions`, secret ?? '');
    for (let each = 0; each < 4; each += 1) void crowd.come();
    await page.getByText(/^(5\d|60) waiting$/u).waitFor();

    const refused = await crowd.come();
    expect([refused.status, refused.headers.get('x-dyno-degraded')]).toEqual([503, 'refuse']);
    const rows = page.getByRole('row');
    await rows.filter({ hasText: /failed.*503 gateway\.queue-fullno place/u }).waitFor();

    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByText(/^Parameters:/u).click();
    await page.getByRole('textbox', { name: 'Max. tokens' }).fill('1000');
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await page.keyboard.press('Enter');
    const newest = rows.nth(1);
    await newest.filter({ hasText: /queued.*length capped, waited/u }).waitFor();
    await crowd.leave();
    await page.getByText('ended by stop').last().waitFor();
    await newest.filter({ hasText: /done.*200 stoplength capped, waited/u }).waitFor();
    await newest.scrollIntoViewIfNeeded();
    expect(await session().look('marked')).toEqual(noFaults);
    await newest
      .getByRole('note')
      .filter({ hasText: /^length capped, waited/u })
      .hover();
    await page
      .getByRole('tooltip', { name: /^Too many waited: .*it waited by its key’s tier\.$/u })
      .waitFor();
    await newest.getByRole('button', { name: /^Look into request/u }).click();
    const dialog = page.getByRole('dialog', { name: 'Request' });
    await dialog.getByText(/held to the length that nine of ten answers .*No slot was free/u).waitFor();
    await page.keyboard.press('Escape');
  });

  it('runs the compatibility checks against itself with the owner’s own key, and stops when told', async () => {
    const { page } = session();
    await page.getByRole('tab', { name: 'Compatibility' }).click();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('row', { name: /chat\.whole ● passed/u }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const told = await page.getByRole('status').filter({ hasText: 'checks passed' }).textContent();
    expect(told).toMatch(/^Stopped\. (\d+) of \1 checks passed, 0 failed/u);
    await page.setViewportSize({ width: 1024, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await session().look('compat-dark')).toEqual(noFaults);
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Requests' }).scrollIntoViewIfNeeded();
    expect(await session().look('overview-dark')).toEqual(noFaults);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 1100 });
    expect(await session().look('overview')).toEqual(noFaults);
  });

  it('serves two quantizations at one address, and asks both the same side by side', async () => {
    const { page } = session();
    await session().openPage('Models');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search actions' }).fill('Quantize dyno-demo');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Quantize/u });
    await dialog.getByText('Q8_0', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Make Q8_0' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /dyno-demo-4m-Q8_0/u }).waitFor();
    await session().openPage('Server');
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('combobox', { name: 'Beside it' }).click();
    await page.getByRole('option', { name: 'dyno-demo-4m-Q8_0', exact: true }).click();
    await using scratch = await makeHome();
    const style = await writeAdapter({ model: demoModelPath, path: join(scratch.path, 'style.gguf') });
    await page.getByRole('combobox', { name: 'LoRA adapters' }).fill(`${style}=0`);
    await page.keyboard.press('Enter');
    expect(await session().look('start-with-adapter')).toEqual(noFaults);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('heading', { name: 'Call it' }).waitFor();
    await page.getByText('adapter 0: style.gguf at scale 0').waitFor();
    await page.getByRole('tab', { name: 'Playground' }).click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await page.keyboard.press('Enter');
    for (const id of ['dyno-demo-4m-f16', 'dyno-demo-4m-Q8_0']) {
      const log = page.getByRole('log', { name: `Conversation with ${id}` });
      await log.getByText('ended by stop').waitFor();
      expect(await log.textContent()).toMatch(/TTFT.*ms.*TPS.*t\/s/u);
    }
    expect(await session().look('side-by-side')).toEqual(noFaults);
  });

  it('shows what was used over time and by whom, and saves it', async () => {
    const { page } = session();
    await page.getByRole('tab', { name: 'Usage' }).click();
    await page
      .getByRole('row', { name: /dyno|owner|[a-z0-9]{12}/u })
      .first()
      .waitFor();
    await page
      .getByText('by model')
      .or(page.getByText('model', { exact: true }))
      .first()
      .click();
    await page.getByRole('row', { name: /^dyno-demo-4m-Q8_0/u }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^requestId,atMs,route,keyId/u);
    expect(lines.filter((line) => line.includes('dyno-demo-4m-Q8_0')).length).toBeGreaterThan(0);
    expect(await session().look('usage')).toEqual(noFaults);
  });
};
