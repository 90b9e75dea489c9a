"""Picking a commune, on a page and by program."""


async def test_a_page_offers_radio_options(db, client):
    answer = await client.get("/communes", params={"q": "fleury-les-aub"})
    assert answer.status_code == 200
    assert '<input type="radio" name="commune" value="45147" checked>' in answer.text
    assert "Loiret" in answer.text


async def test_the_field_of_the_form_is_named_by_the_page_that_asks(db, client):
    answer = await client.get("/communes", params={"into": "q1-6", "q1-6_text": "bourges"})
    assert '<input type="radio" name="q1-6" value="18033"' in answer.text
    evil = await client.get("/communes", params={"into": '"><script>', "q": "bourges"})
    assert "<script>" not in evil.text


async def test_nothing_found_says_what_to_do(db, client):
    assert "Aucune commune ne correspond" in (await client.get("/communes", params={"q": "zzzzz"})).text
    assert "Tapez au moins 2 lettres" in (await client.get("/communes", params={"q": "z"})).text


async def test_programs_search_and_read(db, client):
    found = (await client.get("/api/v1/communes", params={"q": "Tours"})).json()["items"]
    assert (found[0]["insee_code"], len(found)) == ("37261", 10)
    one = (await client.get("/api/v1/communes/37261")).json()
    assert one["epci"] == "Tours Métropole Val de Loire"
    assert (await client.get("/api/v1/communes/99999")).status_code == 404
    assert (await client.get("/api/v1/communes", params={"q": "x" * 201})).status_code == 422


async def test_an_epci_is_offered_as_a_commune_is(db, client):
    page = await client.get("/epci?into=qM-7&qM-7_text=orl%C3%A9ans")
    assert 'name="qM-7" value="244500468"' in page.text
    assert "Aucune intercommunalité" in (await client.get("/epci?q=zzzz")).text
    assert "au moins 2 lettres" in (await client.get("/epci?q=a")).text.replace("\u00a0", " ")
    told = (await client.get("/api/v1/epci?q=orleans%20metropole")).json()
    assert told == {"items": [{"siren": "244500468", "name": "Orléans Métropole", "departement": "Loiret"}]}
