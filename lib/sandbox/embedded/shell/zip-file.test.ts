import { describe, expect, it } from 'vitest'
import { readZip, writeZip } from './zip-file'

describe('zip files', () => {
  it('come back as they were written', () => {
    const entries = [
      { name: 'src/', data: new Uint8Array() },
      { name: 'src/é.txt', data: new TextEncoder().encode('text '.repeat(500)) },
      { name: 'binary', data: Uint8Array.from([0, 255, 1]) },
    ]
    const archive = writeZip(entries)
    expect(archive.byteLength).toBeLessThan(1000)
    expect(readZip(archive)).toEqual(entries)
  })

  it('are refused when they are none', () => {
    expect(readZip(new Uint8Array(100))).toBeNull()
    expect(readZip(new Uint8Array())).toBeNull()
  })
})
