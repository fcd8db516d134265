import '@mantine/core/styles.css';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppError } from '../shared/errors/app-error.ts';
import { CrashBoundary } from './frame/crash-boundary.tsx';
import { Frame } from './frame/frame.tsx';
import { createServices } from './services.ts';
import { ServicesContext } from './services-context.ts';
import { theme } from './theme/theme.ts';
import { takeAccessToken } from './transport/access-token.ts';
import { isDesktop } from './transport/desktop-bridge.ts';
import { dialMessagePort } from './transport/dial-message-port.ts';
import { createWebSocketDial } from './transport/dial-websocket.ts';

const root = document.getElementById('root');
if (root === null) throw new AppError('app.internal', 'index.html has no #root.');

const dial = isDesktop(window)
  ? dialMessagePort
  : createWebSocketDial(takeAccessToken({ location, history, storage: sessionStorage }), location);

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <CrashBoundary>
        <ServicesContext value={createServices(dial, window)}>
          <Frame />
        </ServicesContext>
      </CrashBoundary>
    </MantineProvider>
  </StrictMode>,
);
