"""Cypher that answers a question of analysis from the stored graph alone, for those who have nothing but Neo4j."""

HIT_BY_PROVIDER = """
MATCH (:Provider {portfolio: $portfolio, id: $provider})<-[:PART_OF*0..]-(p:Provider)
MATCH (p)-[:PROVIDES|SUPPLIED_BY]-(lost:Service)
MATCH (lost)<-[:DEPENDS_ON*0.. {optional: false}]-(hit:Service)
RETURN DISTINCT hit.id AS service ORDER BY service
"""
"""The services that are down while a provider, with all that it owns and supplies, is: exact where nothing is
redundant, cached or resold, else too many, since a dependency is one whether or not another could stand in.
"""
