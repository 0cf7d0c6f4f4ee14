import { expect, it } from 'vitest'
import { GET } from '@/app/api/health/route'

it('x', async () => {
  const r = await GET(new Request('http://localhost:3000/api/health'))
  console.log(r.status, await r.text())
  expect(1).toBe(1)
})
