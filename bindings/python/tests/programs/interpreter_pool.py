"""Makes calls in the workers of an `InterpreterPoolExecutor`."""

from __future__ import annotations

from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]


def name_of(number: int) -> str:
    from scalekit_rs import ScalekitClient

    with ScalekitClient() as client:
        return client.organizations.get(f"org_{number}").display_name


def names_of(numbers: list[int]) -> list[str]:
    import asyncio

    from scalekit_rs import AsyncScalekitClient

    async def main() -> list[str]:
        async with AsyncScalekitClient() as client:
            found = await asyncio.gather(*[client.organizations.get(f"org_{number}") for number in numbers])
            return [organization.display_name for organization in found]

    return asyncio.run(main())


if __name__ == "__main__":
    with InterpreterPoolExecutor(3) as executor:
        print(*executor.map(name_of, range(1, 10)))
        print(*[name for names in executor.map(names_of, [[1, 2], [3], [4, 5]]) for name in names])
