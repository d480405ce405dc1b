import { defineConfig } from 'vite'
import { compiledMessages } from './build/compiled-messages.ts'

/** Where the gateway's REST API listens while developing: `TAMGA_CONSOLE_URL=http://127.0.0.1:… npm run dev -w console`. */
const gateway = process.env['TAMGA_CONSOLE_URL']

export default defineConfig({
  plugins: [compiledMessages()],
  build: {
    target: 'es2022',
    // `light-dark()` as it is: rewritten for older browsers it does not follow the person's choice.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy allows no data: scripts or styles, and one request more costs nothing over a kept connection.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      onLog(level, log, say) {
        // Libraries mark modules for server components, which we have none of.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') say(level, log)
      },
    },
  },
  ...(gateway === undefined
    ? {}
    : { server: { proxy: { '/api': { target: gateway, changeOrigin: true } } } }),
})
