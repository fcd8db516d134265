import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import type { ServerStatus } from '../../../shared/contract/server.ts';
import { menuTemplate } from '../../../electron/shell/menu-template.ts';
import { trayTemplate, trayText } from '../../../electron/shell/tray-template.ts';

const serving: ServerStatus = {
  type: 'on',
  url: 'http://127.0.0.1:7842/v1',
  port: 7842,
  modelId: 'demo',
  modelName: 'Dyno Demo',
  quantization: 'Q4_K_M',
  replicaId: 'replica_1',
  models: [],
  network: null,
  sinceMs: 0,
  running: 0,
  queued: 0,
  slots: 4,
  contextSize: 4096,
  totals: { requests: 0, errors: 0, promptTokens: 0, outputTokens: 0 },
};
const loading: ServerStatus = { type: 'starting', modelId: 'demo', fraction: 0.5 };
const failed: ServerStatus = { type: 'failed', error: { code: 'engine.crashed', message: 'It crashed.' } };
const off: ServerStatus = { type: 'off' };

/** Clicks items without Electron's window and event, which ours do not look at. */
const click = (item: MenuItemConstructorOptions | undefined): void => {
  const act = item?.click as (() => void) | undefined;
  act?.();
};

describe('the tray', () => {
  it.each([
    [serving, 'Dyno: serving Dyno Demo Q4_K_M on port 7842', 'Stop the server'],
    [loading, 'Dyno: loading demo', 'Stop the server'],
    [failed, 'Dyno: the server failed', 'Start the server'],
    [off, 'Dyno: server off', 'Start the server'],
  ])('says what the server does and offers the opposite', (status, text, offer) => {
    const template = trayTemplate(status, { show: () => 0, toggleServer: () => 0, quit: () => 0 });
    expect([trayText(status), ...template.map(({ label }) => label)]).toEqual([
      text,
      text,
      undefined,
      'Show Dyno',
      offer,
      undefined,
      'Quit',
    ]);
  });

  it('does what its items say', () => {
    const done: string[] = [];
    const template = trayTemplate(off, {
      show: () => done.push('show'),
      toggleServer: () => done.push('toggle'),
      quit: () => done.push('quit'),
    });
    template.forEach(click);
    expect(done).toEqual(['show', 'toggle', 'quit']);
  });
});

describe('the menu', () => {
  const labels = (isMac: boolean) =>
    menuTemplate({ openModel: () => 0, openDataFolder: () => 0 }, isMac).map(
      ({ label, role }) => label ?? role,
    );

  it('follows the system', () => {
    expect([labels(false), labels(true)]).toEqual([
      ['&File', 'editMenu', '&View', 'windowMenu'],
      ['appMenu', '&File', 'editMenu', '&View', 'windowMenu'],
    ]);
  });

  it('opens models and the data folder', () => {
    const done: string[] = [];
    const [file] = menuTemplate(
      { openModel: () => done.push('model'), openDataFolder: () => done.push('folder') },
      false,
    );
    const items = Array.isArray(file?.submenu) ? file.submenu : [];
    items.forEach(click);
    expect(done).toEqual(['model', 'folder']);
  });
});
