"""Assistance (协办): what a unit that handles a ticket asks of other units, inside the time it has itself.

Each unit asked has a case of its own, a child of the ticket. Cites: 国办函〔2025〕66号
"""
