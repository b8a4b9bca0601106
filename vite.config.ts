import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The API that `vite` and `vite preview` talk to; the built UI is served by that API itself. */
const api = process.env.GUICHET_API ?? 'http://localhost:3000'
const proxy = { '/api': { target: api, changeOrigin: false } }

export default defineConfig({
  root: 'ui',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 1200 },
  server: { proxy },
  preview: { proxy },
})
